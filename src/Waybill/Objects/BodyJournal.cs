using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Waybill.Objects;

/// <summary>
/// Where small bodies become durable: one short sync for all that wait, in a file that is there already. Their objects are written beside it,
/// unsynced; before one of the two files is used anew, all that it covers is synced at once. What is found in them at start is written again.
/// </summary>
/// <remarks>A file of its own for each body would wait twice for the file system to commit its own journal (docs/decisions/0014). One thread; watched by <c>bench/s3.sh</c>.</remarks>
sealed partial class BodyJournal : IDisposable
{
    /// <summary>Of one body, in bytes.</summary>
    public const int LargestBody = 64 << 10;

    const int MostAtOnce = 1 << 20;
    static readonly TimeSpan s_idle = TimeSpan.FromSeconds(5);

    /// <summary>After it could not be made: on a disk that is nearly full, each try takes for a moment what others need.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    readonly string directory;
    readonly int fileLength;
    readonly ILogger logger;
    readonly WorkThreads disk;
    readonly SafeFileHandle fileSystem;
    readonly Queue<Waiter> waiting = [];
    readonly byte[] records = new byte[MostAtOnce];
    readonly JournalFile?[] files = new JournalFile?[2];
    readonly Thread thread;
    readonly ManualResetEventSlim settled = new(initialState: true);
    int current;
    long? refusedAt;
    bool closing;
    volatile bool failed;

    public BodyJournal(string directory, WorkThreads disk, ILogger logger, int fileLength = 8 << 20)
    {
        (this.directory, this.disk, this.fileLength, this.logger) = (directory, disk, fileLength, logger);
        fileSystem = Disk.OpenDirectory(directory);
        thread = new Thread(Run) { Name = "objects journal", IsBackground = true };
        thread.Start();
    }

    /// <summary>There is no call for it elsewhere.</summary>
    public static bool IsOffered => OperatingSystem.IsLinux();

    /// <summary>On return the body is durable and in its place. False, and nothing done, when the journal cannot take it.</summary>
    /// <param name="hash">Of the body.</param>
    /// <param name="body">Not to be changed before the return.</param>
    /// <param name="place">Writes it to its place, on a thread for such work.</param>
    public Task<bool> KeepAsync(Sha256Digest hash, ReadOnlyMemory<byte> body, Action place)
    {
        var waiter = new Waiter(hash, body, place);
        lock (waiting)
        {
            ObjectDisposedException.ThrowIf(closing, this);
            waiting.Enqueue(waiter);
            Monitor.Pulse(waiting);
        }
        return waiter.Task;
    }

    /// <summary>Everything is durable in its place, and the journal gone.</summary>
    public void Dispose()
    {
        lock (waiting)
        {
            closing = true;
            Monitor.Pulse(waiting);
        }
        thread.Join();
        fileSystem.Dispose();
        settled.Dispose();
    }

    void Run()
    {
        var batch = new List<Waiter>();
        while (Take(batch))
        {
            if (batch.Count > 0)
                Append(batch);
            // bytes of objects that are deleted later do not stay here on a quiet server
            else if (files[current] is { IsSettled: true } quiet)
                Settle(quiet);
        }
        Close();
    }

    /// <summary>None after a while in which nobody came; false when there is an end.</summary>
    bool Take(List<Waiter> batch)
    {
        batch.Clear();
        lock (waiting)
        {
            while (waiting.Count == 0)
            {
                if (closing)
                    return false;
                if (!Monitor.Wait(waiting, s_idle))
                    return true;
            }
            for (var bytes = 0; waiting.TryPeek(out var next) && (bytes += next.Length) <= MostAtOnce;)
                batch.Add(waiting.Dequeue());
        }
        return true;
    }

    void Append(List<Waiter> batch)
    {
        var file = FileFor(batch.Sum(w => w.Length));
        try
        {
            file?.Append(LayOut(batch, file.Epoch));
        }
        catch (IOException e)
        {
            Fail(e);
            file = null;
        }
        foreach (var waiter in batch)
        {
            if (file is null)
            {
                waiter.SetResult(false);
                continue;
            }
            file.Enter();
            disk.Post(() => waiter.Place(file));
        }
    }

    ReadOnlySpan<byte> LayOut(List<Waiter> batch, ulong epoch)
    {
        var end = 0;
        foreach (var waiter in batch)
        {
            JournalRecord.Write(records.AsSpan(end), epoch, waiter.Hash, waiter.Body.Span);
            end += waiter.Length;
        }
        return records.AsSpan(0, end);
    }

    /// <summary>Null when there is none.</summary>
    JournalFile? FileFor(int bytes)
    {
        if (refusedAt is { } since && Stopwatch.GetElapsedTime(since) < s_patience)
            return null;
        try
        {
            var file = files[current] ??= Make(current);
            if (!file.HasRoomFor(bytes))
            {
                settled.Wait();
                settled.Reset();
                current = 1 - current;
                disk.Post(() => SettleFull(file));
            }
            return failed ? null : files[current] ??= Make(current);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            refusedAt = Stopwatch.GetTimestamp();
            LogNoFile(e);
            return null;
        }
    }

    JournalFile Make(int number) => new(PathOf(number), fileLength);

    string PathOf(int number) => Path.Join(directory, $"bodies-{number}");

    void SettleFull(JournalFile file)
    {
        Settle(file);
        settled.Set();
    }

    /// <summary>All it covers is durable in its place, and it is empty.</summary>
    void Settle(JournalFile file)
    {
        try
        {
            if (failed || file.IsEmpty || !SpinWait.SpinUntil(() => file.IsSettled, s_idle))
                return;
            Disk.SyncFileSystem(fileSystem);
            file.Clear();
        }
        catch (IOException e)
        {
            Fail(e);
        }
    }

    void Fail(IOException e)
    {
        // what one sync has failed to write, no other writes
        failed = true;
        LogFailed(e);
    }

    void Close()
    {
        settled.Wait();
        foreach (var (number, file) in files.Index())
        {
            if (file is null)
                continue;
            Settle(file);
            file.Dispose();
            if (file.IsEmpty)
                File.Delete(PathOf(number));
        }
    }

    [LoggerMessage(LogLevel.Warning, "The journal of small bodies cannot be made: each is synced by itself, which is slower")]
    partial void LogNoFile(Exception failure);

    [LoggerMessage(LogLevel.Error, "The disk failed under the journal of small bodies: until the next start each is synced by itself")]
    partial void LogFailed(Exception failure);

    sealed class Waiter(Sha256Digest hash, ReadOnlyMemory<byte> body, Action place) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Sha256Digest Hash => hash;

        public ReadOnlyMemory<byte> Body => body;

        public int Length => JournalRecord.LengthOf(body.Length);

        public void Place(JournalFile file)
        {
            try
            {
                place();
                SetResult(true);
            }
            catch (Exception e)
            {
                SetException(e);
            }
            file.Leave();
        }
    }
}
