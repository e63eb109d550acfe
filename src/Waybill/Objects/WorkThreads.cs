namespace Waybill.Objects;

/// <summary>A few threads of their own for work that blocks or computes long (fsync, hashing), so that the thread pool,
/// on which every connection lives, never waits for it.</summary>
sealed class WorkThreads : IDisposable
{
    // not a BlockingCollection: who waits there spins at first, on the cores that the work needs
    readonly Queue<Action> jobs = [];
    readonly Thread[] threads;
    bool closed;

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
    public void Post(Action work)
    {
        lock (jobs)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            jobs.Enqueue(work);
            Monitor.Pulse(jobs);
        }
    }

    public void Dispose()
    {
        lock (jobs)
        {
            closed = true;
            Monitor.PulseAll(jobs);
        }
        foreach (var thread in threads)
            thread.Join();
    }

    void Run()
    {
        while (Take() is { } work)
            work();
    }

    /// <summary>Null when there will be no more.</summary>
    Action? Take()
    {
        lock (jobs)
        {
            while (jobs.Count == 0)
            {
                if (closed)
                    return null;
                Monitor.Wait(jobs);
            }
            return jobs.Dequeue();
        }
    }
}
