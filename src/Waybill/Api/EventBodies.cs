using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Waybill.Data;
using Waybill.Events;
using Waybill.Logs;
using Waybill.Transfers;
using Waybill.Upgrades;

namespace Waybill.Api;

/// <summary>An event as everybody is told it: over the API and over MQTT. Its id is the cursor behind it. It has a transfer, an object,
/// a log request or an upgrade; product and device are null for an object that no device put, and a dock is the device of its jobs.</summary>
sealed record EventAnswer(string Id, string Type, DateTime At, string? Product, string? Device)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EventTransfer? Transfer { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EventObject? Object { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EventJob? Log { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EventJob? Upgrade { get; init; }

    public static byte[] Write(ToldEvent told, Seal seal) => JsonSerializer.SerializeToUtf8Bytes(Of(told, seal), ApiJson.Wire.EventAnswer);

    public static EventAnswer Of(ToldEvent told, Seal seal)
    {
        var (row, device) = (told.Row, told.Device == EventDevice.Nobody ? null : told.Device);
        return new(row.Id.ToString(CultureInfo.InvariantCulture), EventTypes.Of(row.State), Times.Utc(row.At), device?.Product, device?.Device)
        {
            Transfer = EventSubject.Of(row.State) == EventSubject.Transfer ? EventTransfer.Of(told, seal) : null,
            Object = row.Object is { } happened ? EventObject.Of(happened) : null,
            Log = EventSubject.Of(row.State) == EventSubject.Log ? EventJob.OfLog(row, seal) : null,
            Upgrade = EventSubject.Of(row.State) == EventSubject.Upgrade ? EventJob.OfUpgrade(row, seal) : null,
        };
    }
}

/// <summary>What was stored in a bucket, or removed from it.</summary>
/// <param name="Bucket">The bucket's name.</param>
/// <param name="Key">Of the object.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">In hex.</param>
/// <param name="By">Who did it: product/device, the public name of an S3 key, or of whom the API was called by.</param>
/// <param name="Overwrote">There was another object of this key.</param>
sealed record EventObject(string Bucket, string Key, long Size, string Sha256, string By, bool Overwrote)
{
    public static EventObject Of(ObjectEvent o) => new(o.Bucket, o.Key, o.Size, o.Sha256, o.By, o.Overwrote);
}

/// <summary>The transfer as it was when the event happened; without kind and name when it was deleted since.</summary>
sealed record EventTransfer(string Id, string? Kind, string? Name)
{
    public required string State { get; init; }
    public required int Percent { get; init; }
    public required string? Step { get; init; }
    public required string? Reason { get; init; }
    public required long? Code { get; init; }

    public static EventTransfer Of(ToldEvent told, Seal seal)
    {
        var row = told.Row;
        var step = (TransferStep)row.Step;
        return new(seal.Write(row.SubjectId, 0, SealPurpose.TransferId), told.Kind is { } kind ? TransferWords.Of((TransferKind)kind) : null, told.Name)
        {
            State = TransferWords.Of((TransferState)row.State),
            Percent = row.Percent,
            Step = step == TransferStep.None ? null : TransferWords.Of(step),
            Reason = row.Reason,
            Code = row.Code,
        };
    }
}

/// <summary>A log request or an upgrade, as it was when the event happened.</summary>
sealed record EventJob(string Id, string State)
{
    public required int Percent { get; init; }
    public required string? Step { get; init; }
    public required string? Reason { get; init; }
    public required long? Code { get; init; }

    public static EventJob OfLog(EventRow row, Seal seal) => new(seal.Write(row.SubjectId, 0, SealPurpose.LogRequest), TransferWords.Of((LogState)(row.State - EventSubject.Log)))
    {
        Percent = row.Percent,
        Step = row.Step == 0 ? null : TransferWords.Of((LogStep)row.Step),
        Reason = row.Reason,
        Code = row.Code,
    };

    public static EventJob OfUpgrade(EventRow row, Seal seal) => new(seal.Write(row.SubjectId, 0, SealPurpose.Upgrade), TransferWords.Of((UpgradeState)(row.State - EventSubject.Upgrade)))
    {
        Percent = row.Percent,
        Step = row.Step == 0 ? null : TransferWords.Of((UpgradeStep)row.Step),
        Reason = row.Reason,
        Code = row.Code,
    };
}

/// <summary><c>transfer.ok</c>, <c>object.stored</c>, <c>log.listed</c>, <c>upgrade.ok</c> and their like.</summary>
static class EventTypes
{
    static readonly Dictionary<string, short> s_states = Enum.GetValues<TransferState>()
        .Select(s => ("transfer." + TransferWords.Of(s), (short)s))
        .Concat([("object.stored", ObjectEvent.Stored), ("object.removed", ObjectEvent.Removed)])
        .Concat(Enum.GetValues<LogState>().Select(s => ("log." + TransferWords.Of(s), (short)(EventSubject.Log + (short)s))))
        .Concat(Enum.GetValues<UpgradeState>().Select(s => ("upgrade." + TransferWords.Of(s), (short)(EventSubject.Upgrade + (short)s))))
        .ToDictionary(StringComparer.Ordinal);

    static readonly Dictionary<short, string> s_words = s_states.ToDictionary(s => s.Value, s => s.Key);

    public static string All { get; } = string.Join(", ", s_states.Keys);

    public static string Of(short state) => s_words[state];

    public static bool AreAll(IEnumerable<string?> words) => words.All(w => w is not null && s_states.ContainsKey(w));

    public static IReadOnlySet<short> States(IEnumerable<string> words) => words.Select(w => s_states[w]).ToHashSet();
}
