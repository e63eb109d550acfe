using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>One module of a log export.</summary>
sealed class DjiLogPart(DjiLogChoice choice, string key) : IProgress<long>, IDisposable
{
    const int Steps = 3;

    readonly CancellationTokenSource _cancel = new();
    string? _fingerprint;
    long? _finishedAt;
    int _step = 1;
    long _moved;

    public DjiLogChoice Choice => choice;

    public string Key => key;

    public DjiState State { get; private set; } = DjiState.Sent;

    public int Code { get; private set; }

    public long? Size { get; private set; }

    public long Moved => Interlocked.Read(ref _moved);

    public CancellationToken Canceled => _cancel.Token;

    public void Cancel() => _cancel.Cancel();

    public void Step(DjiState state, int step) => (State, _step) = (state, step);

    public void Packed(DjiArchive archive, bool isMistaken) => (Size, _fingerprint) = (archive.Content.Length, isMistaken ? new string('0', 32) : archive.Fingerprint);

    /// <summary>Once: what has ended stays as it is.</summary>
    public void End(DjiState state, int code, long? at) => (State, Code, _finishedAt) = (state, code, at);

    public void Report(long value) => Interlocked.Exchange(ref _moved, value);

    public DjiLogFile Report(string sn) => new(choice.Module, sn, key, _fingerprint, Size, new(Percent, _step, Steps, DjiStatus.Of(State), Code, _finishedAt, 0));

    public void Dispose() => _cancel.Dispose();

    int Percent => State == DjiState.Ok ? 100 : Size is > 0 and var size ? (int)Math.Min(Moved * 100 / size, 100) : 0;
}
