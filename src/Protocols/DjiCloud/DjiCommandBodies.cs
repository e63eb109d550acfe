using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Reads commands, on the device's side.</summary>
static class DjiCommandBodies
{
    public static DjiCommand Read(string? method, JsonValue data) => method switch
    {
        "fileupload_list" => Modules(data) is { Count: > 0 } modules ? new DjiListLogs(modules) : new DjiBadCommand("module_list is empty"),
        "fileupload_update" => Cancel(data),
        "fileupload_start" => Start(data),
        "ota_create" => Create(data),
        _ => new DjiOtherCommand(method),
    };

    static DjiCommand Cancel(JsonValue data)
    {
        if (!data.Field("status"u8).Is("cancel"u8))
            return new DjiBadCommand("status is not cancel");
        return Modules(data) is { Count: > 0 } modules ? new DjiCancelLogs(modules) : new DjiBadCommand("module_list is empty");
    }

    static DjiCommand Start(JsonValue data)
    {
        var files = data.Field("params"u8).Field("files"u8).Items(DjiCommandReply.MaxModules, Choice);
        var storage = DjiStorageFields.Read(data, data.Field("credentials"u8).Field("expire"u8).Moment() ?? 0);
        if (storage is null || files.Count == 0 || files.Any(f => f.Boots.Count == 0))
            return new DjiBadCommand(storage is null ? "the storage is not complete" : "no files, or a file without boots");
        return new DjiStartLogs(storage, data.Field("file_store_dir"u8).Word(DjiDownReader.MaxText) ?? "", files);
    }

    static DjiLogChoice? Choice(JsonValue file)
    {
        if (file.Field("module"u8).Word(DjiUpReader.MaxId) is not { } module)
            return null;
        var boots = DjiLogBodies.Boots(file.Field("list"u8), out _);
        return new(file.Field("device_sn"u8).Word(DjiTopics.MaxSn) ?? "", module, file.Field("object_key"u8).Word(DjiLogFile.MaxKey) ?? "", boots);
    }

    static DjiCommand Create(JsonValue data)
    {
        var devices = data.Field("devices"u8).Items(DjiCommandReply.MaxModules, Device);
        return DjiOtaCommands.Refusal(devices) is { } refusal ? new DjiBadCommand(refusal) : new DjiCreateOta(devices);
    }

    static DjiOtaDevice Device(JsonValue device) => new(
        device.Field("sn"u8).Word(DjiTopics.MaxSn) ?? "",
        device.Field("product_version"u8).Word(DjiUpReader.MaxId) ?? "",
        (DjiUpgradeType)(device.Field("firmware_upgrade_type"u8).Small() ?? 0),
        Package(device));

    /// <summary>A package that lacks a part of it is none.</summary>
    static DjiPackage? Package(JsonValue device) =>
        device.Field("file_url"u8).Word(DjiDownReader.MaxText) is { } url
        && device.Field("file_name"u8).Word(DjiLogFile.MaxKey) is { } name
        && device.Field("file_size"u8).Amount() is { } size
        && Md5Text.TryParse(device.Field("md5"u8).Raw, out var md5) ? new(url, md5.Digest, size, name) : null;

    static List<string> Modules(JsonValue data) =>
        data.Field("module_list"u8).Items(DjiCommandReply.MaxModules, m => m.Word(DjiUpReader.MaxId));
}
