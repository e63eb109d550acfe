using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Reads what a dock asks and says until it can be given commands.</summary>
static class DjiSetupBodies
{
    public static DjiUp Request(string? method, JsonValue data) => method switch
    {
        "config" => new DjiConfigAsked(),
        "airport_bind_status" => new DjiBindStatusAsked(data.Field("devices"u8).Items(DjiBindAsked.MaxDevices, d => d.Field("sn"u8).Word(DjiTopics.MaxSn))),
        "airport_organization_get" => new DjiOrganizationAsked(Id(data, "organization_id"u8), Id(data, "device_binding_code"u8)),
        "airport_organization_bind" => new DjiBindAsked(data.Field("bind_devices"u8).Items(DjiBindAsked.MaxDevices, Binding)),
        "storage_config_get" => new DjiStorageAsked(data.Field("module"u8).Small()),
        "flighttask_resource_get" or "flighttask_progress_get" or "flight_areas_get" or "offline_map_get" => new DjiFlightAsked(method),
        _ => new DjiOther(),
    };

    public static DjiUp Topology(JsonValue data)
    {
        if (data.Kind != JsonKind.Object)
            return new DjiUnusable("data is not an object");
        return new DjiTopology(Thing(data), data.Field("sub_devices"u8).Items(DjiTopology.MaxSubDevices, SubDevice));
    }

    static DjiBinding? Binding(JsonValue device) => device.Field("sn"u8).Word(DjiTopics.MaxSn) is { } sn
        ? new(sn, Id(device, "organization_id"u8), Id(device, "device_binding_code"u8), Id(device, "device_callsign"u8), Id(device, "device_model_key"u8))
        : null;

    static DjiSubDevice? SubDevice(JsonValue device) =>
        device.Field("sn"u8).Word(DjiTopics.MaxSn) is { } sn ? new(sn, Id(device, "index"u8), Thing(device)) : null;

    static DjiThing Thing(JsonValue device) => new(
        device.Field("domain"u8).Small(),
        device.Field("type"u8).Small(),
        device.Field("sub_type"u8).Small(),
        device.Field("thing_version"u8, "version"u8).Word(DjiUpReader.MaxId));

    static string? Id(JsonValue parent, ReadOnlySpan<byte> name) => parent.Field(name).Word(DjiUpReader.MaxId);
}
