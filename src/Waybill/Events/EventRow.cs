namespace Waybill.Events;

/// <summary>
/// A fact about a transfer, a log request or an upgrade, as it is recorded: state and step are the numbers of the room that owns it,
/// behind the number where its kind begins (<see cref="EventSubject"/>); the time is Unix milliseconds. The id is the cursor; 0 until it is
/// recorded. Or one about an object: see <see cref="ObjectEvent"/>.
/// </summary>
readonly record struct EventRow(long Id, long DeviceId, long SubjectId, long At, short State)
{
    public const string Columns = "id, device_id, transfer_id, at, state, step, percent, code, reason";

    public short Step { get; init; }

    public short Percent { get; init; }

    public long? Code { get; init; }

    public string? Reason { get; init; }

    /// <summary>What happened to an object; null when it happened to a transfer.</summary>
    public ObjectEvent? Object { get; init; }
}
