using System.Collections.Concurrent;

namespace Waybill.Devices.Gateways;

/// <summary>What a gateway goes through until it takes commands, in this order.</summary>
enum ArrivalStep
{
    /// <summary>Its connection reached us.</summary>
    Connected,

    /// <summary>User and password were right.</summary>
    SignedIn,

    /// <summary>It asked for its configuration and was answered.</summary>
    Config,

    /// <summary>There was a licence in the answer.</summary>
    Licence,

    /// <summary>It belongs to an organization.</summary>
    Bound,

    /// <summary>It told who stands behind it.</summary>
    Topology,

    /// <summary>It says regularly how it stands.</summary>
    Osd,

    /// <summary>Where it is to upload can be reached.</summary>
    Storage,
}

/// <summary>What was last seen of one step. Unix milliseconds.</summary>
/// <param name="At">When.</param>
/// <param name="Trouble">The vendor's code it failed with, or a word of ours; null: it is done.</param>
sealed record ArrivalNote(long At, string? Trouble);

/// <summary>How far gateways came, for people who stand beside one and wait: in memory alone, since it is of use while it happens.</summary>
sealed class GatewayArrivals(TimeProvider clock)
{
    static readonly int s_steps = Enum.GetValues<ArrivalStep>().Length;

    // serial numbers of the registry only, so it grows no larger than that
    readonly ConcurrentDictionary<string, ArrivalNote?[]> _bySn = new(StringComparer.Ordinal);

    /// <summary>Null: nothing was seen of it since this server started.</summary>
    public ArrivalNote? Of(string sn, ArrivalStep step) => _bySn.TryGetValue(sn, out var notes) ? Volatile.Read(ref notes[(int)step]) : null;

    public void Done(string sn, ArrivalStep step) => Note(sn, step, null);

    public void Failed(string sn, ArrivalStep step, string trouble) => Note(sn, step, trouble);

    /// <summary>Somebody with a known serial number could not sign in; gives the refusal on.</summary>
    public RefusedException Refused(string sn, RefusedException refusal)
    {
        Failed(sn, ArrivalStep.SignedIn, refusal.Code);
        return refusal;
    }

    void Note(string sn, ArrivalStep step, string? trouble) =>
        Volatile.Write(ref _bySn.GetOrAdd(sn, _ => new ArrivalNote?[s_steps])[(int)step], new(clock.GetUtcNow().ToUnixTimeMilliseconds(), trouble));
}
