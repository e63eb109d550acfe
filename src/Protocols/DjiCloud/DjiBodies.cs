using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Reads <c>data</c>, by topic and method.</summary>
static class DjiBodies
{
    public static DjiUp Read(DjiTopicKind kind, string? method, JsonValue data) => (kind, method) switch
    {
        (DjiTopicKind.ServicesReply, _) => DjiLogBodies.Reply(data),
        (DjiTopicKind.Events, "fileupload_progress") => DjiLogBodies.Progress(data),
        (DjiTopicKind.Events, "ota_progress") => DjiOtaBodies.Progress(data),
        _ => new DjiOther(),
    };
}
