using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Reads answers, on the device's side.</summary>
static class DjiAnswerBodies
{
    public static DjiAnswer Result(JsonValue data) => new DjiResult(data.Field("result"u8).Small() ?? 0);

    public static DjiAnswer Read(DjiEnvelope envelope, JsonValue data)
    {
        if (envelope.Method == "config" && Config(data) is { } config)
            return config;
        var output = data.Field("output"u8);
        if (output.Kind != JsonKind.Object || data.Field("result"u8).Small() is not (null or 0))
            return Result(data);
        return envelope.Method switch
        {
            "airport_bind_status" => new DjiBindStatus(output.Field("bind_status"u8).Items(DjiBindAsked.MaxDevices, Bound)),
            "airport_organization_get" => new DjiOrganization(output.Field("organization_name"u8).Word(DjiDownReader.MaxText) ?? ""),
            "airport_organization_bind" => new DjiBindOutcome(output.Field("err_infos"u8).Items(DjiBindAsked.MaxDevices, Code)),
            "storage_config_get" => Storage(envelope, output) ?? Result(data),
            _ => Result(data),
        };
    }

    /// <summary>In the newest generation the application's id is text.</summary>
    static DjiConfig? Config(JsonValue data) => Text(data, "app_id"u8) is { } id ? new(
        id,
        Text(data, "app_key"u8) ?? "",
        Text(data, "app_license"u8) ?? "",
        Text(data, "ntp_server_host"u8) ?? "",
        data.Field("ntp_server_port"u8).Small() ?? DjiConfig.DefaultNtpPort) : null;

    static DjiBound? Bound(JsonValue device)
    {
        if (device.Field("sn"u8).Word(DjiTopics.MaxSn) is not { } sn)
            return null;
        var organization = device.Field("is_device_bind_organization"u8).Flag() is true
            ? new DjiOrganization(Text(device, "organization_name"u8) ?? "", Text(device, "organization_id"u8) ?? "")
            : null;
        return new(sn, organization, Text(device, "device_callsign"u8) ?? "");
    }

    static DjiBindCode? Code(JsonValue device) =>
        device.Field("sn"u8).Word(DjiTopics.MaxSn) is { } sn ? new(sn, device.Field("err_code"u8).Small() ?? 0) : null;

    static DjiMediaStorage? Storage(DjiEnvelope envelope, JsonValue output)
    {
        var seconds = output.Field("credentials"u8).Field("expire"u8).Small() ?? 0;
        return DjiStorageFields.Read(output, (envelope.Timestamp ?? 0) + (seconds * 1000L)) is { } storage
            ? new(storage, Text(output, "object_key_prefix"u8) ?? "")
            : null;
    }

    static string? Text(JsonValue parent, ReadOnlySpan<byte> name) => parent.Field(name).Word(DjiDownReader.MaxText);
}
