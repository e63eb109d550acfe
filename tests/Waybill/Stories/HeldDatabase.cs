using Waybill.Data;

namespace Waybill.Tests.Stories;

/// <summary>No transfer can be written until this is released: what arrives meanwhile waits.</summary>
sealed class HeldDatabase : IAsyncDisposable
{
    readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task _holding;

    HeldDatabase(Database database) => _holding = database.WriteAsync(
        async db =>
        {
            // SQLite's one writer is ours as long as this runs
            if (database is PostgresDatabase)
                await db.RunAsync("lock table transfers in exclusive mode");
            _taken.SetResult();
            await _release.Task;
            return 0;
        },
        House.Soon);

    public static async Task<HeldDatabase> TakeAsync(House house)
    {
        var held = new HeldDatabase(house.Get<Database>());
        await held._taken.Task.WaitAsync(House.Soon);
        return held;
    }

    public Task ReleaseAsync()
    {
        _release.TrySetResult();
        return _holding;
    }

    public async ValueTask DisposeAsync() => await ReleaseAsync();
}
