namespace Waybill.Tests;

/// <summary>Waits for what can only be looked at, not heard.</summary>
static class Eventually
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static Task IsAsync(string what, Func<bool> condition) => IsAsync(what, () => Task.FromResult(condition()));

    public static async Task IsAsync(string what, Func<Task<bool>> condition)
    {
        var soon = House.Soon;
        while (!await condition())
        {
            if (soon.IsCancellationRequested)
                throw new TimeoutException($"Not in time: {what}.");
            await Task.Delay(Pause, CancellationToken.None);
        }
    }
}
