namespace Waybill.Device;

/// <summary>Breaks off what stands still for too long.</summary>
sealed class Stall : IDisposable
{
    readonly CancellationTokenSource _timer;
    readonly CancellationTokenSource _either;
    readonly TimeSpan _limit;
    readonly CancellationToken _going;

    public Stall(TimeSpan limit, TimeProvider clock, CancellationToken going)
    {
        (_limit, _going) = (limit, going);
        _timer = new(limit, clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, going);
    }

    public CancellationToken Token => _either.Token;

    /// <summary>Whether it was this, and not the caller, that broke it off.</summary>
    public bool IsOver => _timer.IsCancellationRequested && !_going.IsCancellationRequested;

    /// <summary>It moves.</summary>
    public void Moved() => _timer.CancelAfter(_limit);

    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
