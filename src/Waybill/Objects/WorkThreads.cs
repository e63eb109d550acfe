using System.Collections.Concurrent;

namespace Waybill.Objects;

/// <summary>A few threads of their own for work that blocks or computes long (fsync, hashing), so that the thread pool,
/// on which every connection lives, never waits for it.</summary>
sealed class WorkThreads : IDisposable
{
    readonly BlockingCollection<Action> jobs = [];
    readonly Thread[] threads;

    public WorkThreads(string name, int count)
    {
        threads = [.. Enumerable.Range(1, count).Select(n => new Thread(Run) { Name = $"{name} {n}", IsBackground = true })];
        foreach (var thread in threads)
            thread.Start();
    }

    public Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Work that throws nothing.</summary>
    public void Post(Action work) => jobs.Add(work);

    public void Dispose()
    {
        jobs.CompleteAdding();
        foreach (var thread in threads)
            thread.Join();
        jobs.Dispose();
    }

    void Run()
    {
        foreach (var work in jobs.GetConsumingEnumerable())
            work();
    }
}
