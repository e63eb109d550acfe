using System.Globalization;
using System.Text.Json;
using Waybill.Data;
using Waybill.Events;
using Waybill.Transfers;

namespace Waybill.Api;

/// <summary>An event as everybody is told it: over the API and over MQTT. Its id is the cursor behind it.</summary>
sealed record EventAnswer(string Id, string Type, DateTime At, string Product, string Device, EventTransfer Transfer)
{
    public static byte[] Write(ToldEvent told, Seal seal) => JsonSerializer.SerializeToUtf8Bytes(Of(told, seal), ApiJson.Wire.EventAnswer);

    public static EventAnswer Of(ToldEvent told, Seal seal)
    {
        var row = told.Row;
        var (state, step) = ((TransferState)row.State, (TransferStep)row.Step);
        var kind = told.Kind is { } number ? TransferWords.Of((TransferKind)number) : null;
        var transfer = new EventTransfer(seal.Write(row.TransferId, 0, SealPurpose.TransferId), kind, told.Name)
        {
            State = TransferWords.Of(state),
            Percent = row.Percent,
            Step = step == TransferStep.None ? null : TransferWords.Of(step),
            Reason = row.Reason,
            Code = row.Code,
        };
        return new(row.Id.ToString(CultureInfo.InvariantCulture), EventTypes.Of(state), Times.Utc(row.At), told.Device.Product, told.Device.Device, transfer);
    }
}

/// <summary>The transfer as it was when the event happened; without kind and name when it was deleted since.</summary>
sealed record EventTransfer(string Id, string? Kind, string? Name)
{
    public required string State { get; init; }
    public required int Percent { get; init; }
    public required string? Step { get; init; }
    public required string? Reason { get; init; }
    public required long? Code { get; init; }
}

/// <summary><c>transfer.ok</c> and its like.</summary>
static class EventTypes
{
    static readonly Dictionary<string, short> s_states = Enum.GetValues<TransferState>().ToDictionary(Of, s => (short)s);

    public static string All { get; } = string.Join(", ", s_states.Keys);

    public static string Of(TransferState state) => "transfer." + TransferWords.Of(state);

    public static string Of(short state) => Of((TransferState)state);

    public static bool AreAll(IEnumerable<string?> words) => words.All(w => w is not null && s_states.ContainsKey(w));

    public static IReadOnlySet<short> States(IEnumerable<string> words) => words.Select(w => s_states[w]).ToHashSet();
}
