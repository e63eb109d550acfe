using System.Collections.Concurrent;

namespace Waybill.Objects;

/// <summary>A few threads of their own for work that blocks or computes long (fsync, hashing), so that the thread pool,
/// on which every connection lives, never waits for it.</summary>
sealed class WorkThreads : IDisposable
{
    readonly BlockingCollection<Job> jobs = [];
    readonly Thread[] threads;

    public WorkThreads(string name, int count)
    {
        threads = [.. Enumerable.Range(1, count).Select(n => new Thread(Run) { Name = $"{name} {n}", IsBackground = true })];
        foreach (var thread in threads)
            thread.Start();
    }

    public Task RunAsync(Action work)
    {
        var job = new Job(work);
        jobs.Add(job);
        return job.Task;
    }

    public void Dispose()
    {
        jobs.CompleteAdding();
        foreach (var thread in threads)
            thread.Join();
        jobs.Dispose();
    }

    void Run()
    {
        foreach (var job in jobs.GetConsumingEnumerable())
            job.Run();
    }

    sealed class Job(Action work) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public void Run()
        {
            try
            {
                work();
                SetResult();
            }
            catch (Exception e)
            {
                SetException(e);
            }
        }
    }
}
