namespace Waybill.Data;

/// <summary>Fresh 64-bit row ids, leased from the database in blocks so that deciding needs no round trip.</summary>
sealed class Ids(Database database)
{
    const int Block = 100_000;

    readonly Lock _gate = new();
    Task? _leasing;
    long _next;
    long _end;

    public async ValueTask<long> NextAsync(CancellationToken ct) => await TakeAsync(1, ct);

    /// <summary>The first of <paramref name="count"/> consecutive ids. Not to be called inside a write: it makes one.</summary>
    public async ValueTask<long> TakeAsync(int count, CancellationToken ct)
    {
        while (true)
        {
            Task leasing;
            lock (_gate)
            {
                if (_end - _next >= count)
                {
                    _next += count;
                    return _next - count;
                }
                leasing = _leasing ??= LeaseAsync(Math.Max(Block, count));
            }
            await leasing.WaitAsync(ct);
        }
    }

    async Task LeaseAsync(int block)
    {
        await Task.Yield();
        try
        {
            var end = await database.WriteAsync(
                db => db.FirstAsync<long>("update sequences set next = next + @block where name = 'id' returning next", new { block }),
                CancellationToken.None);
            lock (_gate)
                (_next, _end) = (end - block, end);
        }
        finally
        {
            lock (_gate)
                _leasing = null;
        }
    }
}
