using System.Buffers;

namespace Waybill.Objects;

/// <summary>One kind of work on one body, batch after batch. It takes a thread when there is a batch and keeps it while there are more,
/// up to a turn: then the next body has it.</summary>
sealed class BodyLane(WorkThreads threads, Action<ReadOnlySequence<byte>> work)
{
    const int Turn = 8;

    readonly Queue<BodyBatch> waiting = [];
    bool running;

    public void Add(BodyBatch batch)
    {
        lock (waiting)
        {
            waiting.Enqueue(batch);
            if (running)
                return;
            running = true;
        }
        threads.Post(Run);
    }

    /// <summary>Only while nothing else is under way.</summary>
    public void WorkHere(BodyBatch batch) => batch.Work(work);

    void Run()
    {
        for (var n = 0; n < Turn; n++)
        {
            if (Next() is not { } batch)
                return;
            batch.Work(work);
        }
        threads.Post(Run);
    }

    BodyBatch? Next()
    {
        lock (waiting)
        {
            running = waiting.TryDequeue(out var batch);
            return batch;
        }
    }
}
