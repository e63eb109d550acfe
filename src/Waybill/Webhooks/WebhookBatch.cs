using System.Buffers;
using System.Globalization;
using System.Text;
using Waybill.Events;

namespace Waybill.Webhooks;

/// <summary>Events that go in one delivery, in order, and its body: <c>{"webhook":…,"cursor":…,"events":[…]}</c>.</summary>
sealed record WebhookBatch(IReadOnlyList<EventFrame> Frames, ReadOnlyMemory<byte> Body)
{
    const int LongestBody = 64 * 1024;

    public long First => Frames.Count == 0 ? 0 : Frames[0].Row.Id;

    public long Last => Frames.Count == 0 ? 0 : Frames[^1].Row.Id;

    /// <summary>Something to try the receiver with.</summary>
    public static WebhookBatch Test(Webhook webhook) => Of(webhook, []);

    /// <summary>The events among the frames, at most so many in each batch, and no more than a receiver with a small buffer takes.</summary>
    public static IEnumerable<WebhookBatch> Split(Webhook webhook, IReadOnlyList<EventFrame> frames, int most)
    {
        var batch = new List<EventFrame>();
        var length = 0;
        foreach (var frame in frames.Where(f => f.Device is not null))
        {
            if (batch.Count == most || (batch.Count > 0 && length + frame.Json.Length > LongestBody))
            {
                yield return Of(webhook, batch);
                (batch, length) = ([], 0);
            }
            batch.Add(frame);
            length += frame.Json.Length + 1;
        }
        if (batch.Count > 0)
            yield return Of(webhook, batch);
    }

    static WebhookBatch Of(Webhook webhook, List<EventFrame> frames)
    {
        var body = new ArrayBufferWriter<byte>();
        var cursor = frames.Count == 0 ? webhook.Position : frames[^1].Row.Id;
        // a name has no character that JSON escapes
        body.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"webhook":"{{webhook.Name}}","cursor":"{{cursor}}","events":[""")));
        for (var i = 0; i < frames.Count; i++)
        {
            if (i > 0)
                body.Write(","u8);
            body.Write(frames[i].Json.Span);
        }
        body.Write("]}"u8);
        return new(frames, body.WrittenMemory);
    }
}
