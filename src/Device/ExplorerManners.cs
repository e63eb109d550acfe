using Waybill.Mqtt;
using Waybill.Protocols.TencentExplorer;

namespace Waybill.Device;

/// <summary>In what the vendor's SDKs differ, but for the bytes of their messages. Sources: the quirks in the dialect's README.</summary>
sealed record ExplorerManners
{
    const long C3Expiry = 92_233_720_368_547_758;

    static readonly ExplorerManners C3 = new()
    {
        Variant = ExplorerVariant.C3,
        KeepAliveSeconds = 120,
        Expiry = C3Expiry,
        IsSilentAfterRefusal = true,
    };

    static readonly ExplorerManners V4 = new()
    {
        Variant = ExplorerVariant.V4,
        KeepAliveSeconds = 240,
        Expiry = int.MaxValue,
        ListsAfterChange = true,
        CanRecover = true,
        FailedState = ExplorerState.Fail,
        PostFailed = ExplorerResults.PostFailed,
        Success = "",
    };

    static readonly ExplorerManners Java = new()
    {
        Variant = ExplorerVariant.Java,
        KeepAliveSeconds = 60,
        Expiry = int.MaxValue,
        Hash = TencentHash.Sha256,
        AppId = "12010126",
        SegmentSize = null,
        HasBurning = false,
        UploadsInCallback = false,
        CanRecover = true,
        ClearsOnDeletion = true,
    };

    public required ExplorerVariant Variant { get; init; }

    public required ushort KeepAliveSeconds { get; init; }

    public required long Expiry { get; init; }

    public TencentHash Hash { get; init; } = TencentHash.Sha1;

    public string AppId { get; init; } = "21010406";

    /// <summary>Bytes asked for at once, with exact ends; null: everything, from 0.</summary>
    public int? SegmentSize { get; init; } = 50 * 1024;

    /// <summary>Whether it says that it puts the bytes to use.</summary>
    public bool HasBurning { get; init; } = true;

    /// <summary>Whether PUT runs inside the MQTT callback: nothing else is heard or acknowledged meanwhile.</summary>
    public bool UploadsInCallback { get; init; } = true;

    /// <summary>Whether after a 403 or 404 it hears nothing until it starts over with its list.</summary>
    public bool IsSilentAfterRefusal { get; init; }

    /// <summary>Whether the whole list is reported after each change.</summary>
    public bool ListsAfterChange { get; init; }

    /// <summary>Whether the list of the platform replaces a lost one: C 3.x looks for it under another key.</summary>
    public bool CanRecover { get; init; }

    /// <summary>Whether any deletion empties the whole directory.</summary>
    public bool ClearsOnDeletion { get; init; }

    public ExplorerState FailedState { get; init; } = ExplorerState.Done;

    public int PostFailed { get; init; } = ExplorerResults.TimedOut;

    public string Success { get; init; } = "success";

    public static ExplorerManners Of(ExplorerVariant variant) => variant switch
    {
        ExplorerVariant.V4 => V4,
        ExplorerVariant.Java => Java,
        _ => C3,
    };

    public TencentIdentity Sign(TencentIdentity identity) => identity with { Hash = Hash, AppId = AppId, Expiry = Expiry };

    /// <summary>C sends only what is not final at QoS 0, v4 everything, Java everything but its list.</summary>
    public MqttQos QosOf(ExplorerUp message) => Variant switch
    {
        ExplorerVariant.V4 => MqttQos.AtMostOnce,
        ExplorerVariant.Java => message is ReportVersion ? MqttQos.AtLeastOnce : MqttQos.AtMostOnce,
        _ => message is ReportUpdate { Progress.IsFinal: false } ? MqttQos.AtMostOnce : MqttQos.AtLeastOnce,
    };

    /// <summary>A final report.</summary>
    public ExplorerProgress Final(int code, string failure) =>
        code == ExplorerResults.Ok ? new(ExplorerState.Done, null, code, Success) : new(FailedState, null, code, failure);
}
