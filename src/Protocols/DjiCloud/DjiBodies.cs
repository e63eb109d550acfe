using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Reads <c>data</c>, by topic and method.</summary>
static class DjiBodies
{
    public static DjiUp Read(DjiTopicKind kind, string? method, JsonValue data) => kind switch
    {
        DjiTopicKind.Status when method is "update_topo" && data.Kind != JsonKind.Object => new DjiUnusable("data is not an object"),
        _ => new DjiOther(),
    };
}
