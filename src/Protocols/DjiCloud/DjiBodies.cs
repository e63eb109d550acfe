using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Reads <c>data</c> of devices, by topic and method.</summary>
static class DjiBodies
{
    public static DjiUp Read(DjiTopicKind kind, string? method, JsonValue data) => (kind, method) switch
    {
        (DjiTopicKind.Requests, _) => DjiSetupBodies.Request(method, data),
        (DjiTopicKind.Status, "update_topo") => DjiSetupBodies.Topology(data),
        (DjiTopicKind.Osd or DjiTopicKind.State, _) => DjiPropertyBodies.Read(data),
        (DjiTopicKind.ServicesReply, _) => DjiLogBodies.Reply(data),
        (DjiTopicKind.Events, "fileupload_progress") => DjiLogBodies.Progress(data),
        (DjiTopicKind.Events, "ota_progress") => DjiOtaBodies.Progress(data),
        (DjiTopicKind.Events, "file_upload_callback") => DjiMediaFile.Read(data),
        _ => new DjiOther(),
    };
}
