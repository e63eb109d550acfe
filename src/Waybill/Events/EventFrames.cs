using System.Globalization;
using System.Text;

namespace Waybill.Events;

/// <summary>An event as JSON, for all edges alike. The room that knows the words registers it.</summary>
delegate byte[] WriteEvent(ToldEvent told);

/// <summary>An event, rendered once for all who hear it; without a device a heartbeat, which moves the cursor on.</summary>
/// <param name="Row">Its id is the cursor behind it.</param>
/// <param name="Device">Whose it is.</param>
/// <param name="Json">The event alone.</param>
/// <param name="Stream">As server-sent events have it.</param>
sealed record EventFrame(EventRow Row, EventDevice? Device, ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Stream)
{
    /// <summary>A line of <c>id</c> alone is no event, but a browser keeps it as the place to go on from.</summary>
    public static EventFrame Heartbeat(long cursor) =>
        new(new EventRow(cursor, 0, 0, 0, 0), null, default, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {cursor}\n\n")));
}

/// <summary>Makes frames of rows.</summary>
sealed class EventFrames(EventNames names, WriteEvent write)
{
    public async ValueTask<IReadOnlyList<EventFrame>> OfAsync(IReadOnlyList<EventRow> rows, CancellationToken ct) =>
        [.. (await names.TellAsync(rows, ct)).Select(Frame)];

    /// <summary>The rows that somebody in the audience wants.</summary>
    public async ValueTask<IReadOnlyList<EventRow>> WantedAsync(IReadOnlyList<EventRow> rows, EventAudience audience, CancellationToken ct)
    {
        await names.LearnDevicesAsync(rows, ct);
        return [.. rows.Where(row => names.Device(row) is { } device && audience.Wants(row, device))];
    }

    EventFrame Frame(ToldEvent told)
    {
        var json = write(told);
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {told.Row.Id}\ndata: "));
        byte[] stream = [.. head, .. json, (byte)'\n', (byte)'\n'];
        return new(told.Row, told.Device, stream.AsMemory(head.Length, json.Length), stream);
    }
}
