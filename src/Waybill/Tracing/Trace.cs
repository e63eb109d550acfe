using System.Threading.Channels;

namespace Waybill.Tracing;

/// <summary>One running trace: lines wait here for its reader. Who says something never waits; what a slow reader has no room for is counted.</summary>
sealed class Trace(TracedDevice device, TimeProvider clock)
{
    public const int MostLines = 256;

    readonly Lock _gate = new();
    readonly Queue<TraceLine> _lines = [];
    readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    long _lost;
    TraceLine? _last;

    public TracedDevice Device => device;

    public void Say(TraceLine line)
    {
        lock (_gate)
        {
            if (_last is not null)
                return;
            if (_lines.Count >= MostLines)
            {
                _lost++;
                return;
            }
            TellLost();
            _lines.Enqueue(line);
        }
        Wake();
    }

    /// <summary>No line comes after this one.</summary>
    public void End(string reason, string detail)
    {
        lock (_gate)
            _last ??= Note("end") with { Reason = reason, Detail = detail };
        Wake();
    }

    /// <summary>What waits; nothing when the reader is woken for nothing. <paramref name="isLast"/>: nothing more comes.</summary>
    public IReadOnlyList<TraceLine> Take(out bool isLast)
    {
        lock (_gate)
        {
            TellLost();
            if (_last is not null)
                _lines.Enqueue(_last);
            TraceLine[] lines = [.. _lines];
            _lines.Clear();
            isLast = _last is not null;
            return lines;
        }
    }

    /// <summary>Completes when there is something to take, or when the reader is woken.</summary>
    public ValueTask<bool> NewsAsync(CancellationToken ct) => _news.Reader.ReadAsync(ct);

    public void Wake() => _news.Writer.TryWrite(true);

    public TraceLine Note(string what) => new(clock.GetUtcNow().UtcDateTime, TraceSide.Note, what);

    void TellLost()
    {
        if (_lost == 0)
            return;
        _lines.Enqueue(Note("lost") with { Lost = _lost, Detail = $"{_lost} lines are missing here: they came faster than they were read" });
        _lost = 0;
    }
}
