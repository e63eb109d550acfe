using System.Buffers;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Writes what docks send, as one generation of firmware spells it.</summary>
public static class DjiUpWriter
{
    /// <summary>Longest payload with a list of logs; all others are within <see cref="MaxPlain"/>.</summary>
    public const int MaxPayload = DjiUpReader.MaxPayload;

    /// <summary>Longest payload without one.</summary>
    public const int MaxPlain = 16 * 1024;

    /// <summary>Writes one message; false, and nothing written, when it is too long or not Unicode.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="head">Its method counts for answers to commands; that of all others follows from the message.</param>
    /// <param name="message">What to say.</param>
    /// <param name="spelling">How.</param>
    public static bool TryWrite(IBufferWriter<byte> output, DjiHead head, DjiUp message, DjiSpelling spelling)
    {
        var most = message is DjiCommandReply { Logs.Count: > 0 } or DjiLogProgress ? MaxPayload : MaxPlain;
        var json = new CompactJson(output.GetSpan(most)[..most]);
        json.Head(message is DjiCommandReply ? head : head with { Method = Method(message) }, spelling, message);
        switch (message)
        {
            case DjiCommandReply reply: DjiUpLogs.Reply(ref json, reply, spelling); break;
            case DjiLogProgress progress: DjiUpLogs.Progress(ref json, progress, spelling); break;
            case DjiOtaProgress progress: DjiUpOta.Progress(ref json, progress, spelling); break;
            default: DjiUpSetup.Data(ref json, message, spelling); break;
        }
        json.Raw("}"u8);
        return json.TryCommit(output);
    }

    /// <summary>Where a message goes; properties may go to <see cref="DjiTopicKind.Osd"/> as well.</summary>
    public static DjiTopicKind Topic(DjiUp message) => message switch
    {
        DjiCommandReply => DjiTopicKind.ServicesReply,
        DjiLogProgress or DjiOtaProgress or DjiMediaFile => DjiTopicKind.Events,
        DjiProperties => DjiTopicKind.State,
        DjiTopology => DjiTopicKind.Status,
        _ => DjiTopicKind.Requests,
    };

    /// <summary>Null where there is none, or where it is that of the command.</summary>
    public static string? Method(DjiUp message) => message switch
    {
        DjiConfigAsked => "config",
        DjiBindStatusAsked => "airport_bind_status",
        DjiOrganizationAsked => "airport_organization_get",
        DjiBindAsked => "airport_organization_bind",
        DjiTopology => "update_topo",
        DjiStorageAsked => "storage_config_get",
        DjiFlightAsked(var method) => method,
        DjiLogProgress => "fileupload_progress",
        DjiOtaProgress => "ota_progress",
        DjiMediaFile => "file_upload_callback",
        _ => null,
    };

    static void Head(this ref CompactJson json, DjiHead head, DjiSpelling spelling, DjiUp message)
    {
        json.Raw("{"u8);
        json.Member("method"u8, head.Method);
        if (head.NeedReply || Topic(message) == DjiTopicKind.Events)
            json.Member("need_reply"u8, head.NeedReply ? 1 : 0);
        json.Member("tid"u8, head.Tid);
        json.Member("bid"u8, head.Bid);
        json.Member(spelling.TimestampHasColon ? "timestamp:"u8 : "timestamp"u8, head.Timestamp);
        json.Member("gateway"u8, spelling.GatewayIsBlank && message is DjiCommandReply ? "" : head.Gateway);
        json.Name("data"u8);
    }
}
