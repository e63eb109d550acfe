using Waybill.Device;
using Waybill.Protocols;

namespace Waybill.Cli.Simulate;

/// <summary>One transfer and the truth about it: what was or is to be moved, and how it must end.</summary>
sealed class SimulatedTransfer(SimulatedKind kind, SimulatedDevice device, string name, PatternContent content) : IProgress<BytesMoved>
{
    /// <summary>Of every file in a simulation.</summary>
    public const string Version = "1";

    long _bytes;
    volatile TransferOutcome? _outcome;

    public SimulatedKind Kind => kind;

    public string Device => device.Name;

    public SimulatedVariant Variant => device.Variant;

    public string Dialect => Variant.Dialect();

    public string Name => name;

    public PatternContent Content => content;

    /// <summary>Faults it is to meet.</summary>
    public Faults Faults { get; init; }

    /// <summary>Faults it has met.</summary>
    public Faults Met { get; private set; }

    /// <summary>Of what was ordered: what the API called it.</summary>
    public string? Id { get; set; }

    /// <summary>Why the device gave it up without an outcome.</summary>
    public string? Problem { get; set; }

    public long Bytes => Interlocked.Read(ref _bytes);

    public TransferOutcome? Outcome => _outcome;

    public string ExpectedState => Faults.HasFlag(Faults.FalseDone) ? "failed" : "ok";

    /// <summary>Something to do when this many bytes have moved.</summary>
    public (long At, Action Act)? Ambush { get; set; }

    public Md5Digest Md5 => content.Md5;

    public void Report(BytesMoved value)
    {
        Board.Add(kind == SimulatedKind.Upload, Math.Max(0, value.Bytes - Interlocked.Exchange(ref _bytes, value.Bytes)));
        if (Ambush is { } ambush && value.Bytes >= ambush.At)
        {
            Ambush = null;
            ambush.Act();
        }
    }

    public required Board Board { get; init; }

    public void Meet(Faults fault)
    {
        Met |= fault;
        Board.Meet(fault);
    }

    public void Ended(TransferOutcome outcome)
    {
        _outcome = outcome;
        Board.Ended(this, outcome);
    }
}

/// <summary>The ways of a file, as the API calls them.</summary>
enum SimulatedKind
{
    Upload,
    Download,
    Removal,
}

static class SimulatedKinds
{
    public static string Word(this SimulatedKind kind) => kind switch
    {
        SimulatedKind.Upload => "upload",
        SimulatedKind.Download => "download",
        _ => "removal",
    };
}
