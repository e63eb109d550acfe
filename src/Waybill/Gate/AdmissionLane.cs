namespace Waybill.Gate;

/// <summary>
/// How many CONNECTs are looked at at a time: when all devices come back at once the others wait, and who would wait too long is told to
/// come again. Neither the database's connections nor its patience are used up.
/// </summary>
sealed class AdmissionLane(int places, TimeSpan patience, TimeProvider clock) : IDisposable
{
    public const string Busy = "server_busy";

    readonly SemaphoreSlim _places = new(places);

    /// <exception cref="RefusedException"><c>server_busy</c>, or what <paramref name="look"/> refuses with.</exception>
    public async ValueTask<T> EnterAsync<T>(Func<CancellationToken, ValueTask<T>> look, CancellationToken ct)
    {
        // most of the time there is a place
        if (!await _places.WaitAsync(TimeSpan.Zero, ct))
            await WaitAsync(ct);
        try
        {
            return await look(ct);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    async ValueTask WaitAsync(CancellationToken ct)
    {
        using var late = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        try
        {
            await _places.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new RefusedException(Busy, "too many clients came at once: it is to come again later");
        }
    }
}

/// <summary>Devices, which cost a look into the database, do not wait behind passwords, which are slow on purpose.</summary>
sealed class AdmissionLanes(int places, TimeSpan patience, TimeProvider clock) : IDisposable
{
    public AdmissionLane Devices { get; } = new(places, patience, clock);

    public AdmissionLane Passwords { get; } = new(places, patience, clock);

    public void Dispose()
    {
        Devices.Dispose();
        Passwords.Dispose();
    }
}
