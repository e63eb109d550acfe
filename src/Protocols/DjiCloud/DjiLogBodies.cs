using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Reads what comes back of commands, and of log exports in particular.</summary>
static class DjiLogBodies
{
    public static DjiCommandReply Reply(JsonValue data)
    {
        var output = data.Field("output"u8);
        return new(data.Field("result"u8).Small(), Status(output), Modules(data, output));
    }

    public static DjiUp Progress(JsonValue data)
    {
        if (data.Kind != JsonKind.Object)
            return new DjiUnusable("data is not an object");
        var output = data.Field("output"u8).Or(data);
        return new DjiLogProgress(data.Field("result"u8).Small() ?? 0, Status(output) ?? Status(data), Files(data, output));
    }

    public static DjiStatus? Status(JsonValue parent) => DjiStatus.Of(parent.Field("status"u8, "stauts"u8).Word(DjiUpReader.MaxId));

    static List<DjiModuleLogs> Modules(JsonValue data, JsonValue output) =>
        data.Field("files"u8).Or(output.Field("files"u8)).Or(data.Field("info"u8)).Items(DjiCommandReply.MaxModules, Module);

    static DjiModuleLogs? Module(JsonValue entry)
    {
        if (entry.Kind != JsonKind.Object)
            return null;
        var boots = Boots(entry.Field("list"u8), out var unread);
        return new(
            entry.Field("module"u8).Word(DjiUpReader.MaxId),
            entry.Field("device_sn"u8).Word(DjiTopics.MaxSn),
            entry.Field("result"u8).Small() ?? 0,
            boots,
            unread);
    }

    public static List<DjiBootLog> Boots(JsonValue list, out int unread)
    {
        var boots = new List<DjiBootLog>();
        unread = 0;
        if (list.Kind != JsonKind.Array)
            return boots;
        var elements = LenientJson.Elements(list);
        while (elements.NextElement(out var boot))
        {
            if (boots.Count < DjiModuleLogs.MaxBoots && boot.Field("boot_index"u8).Whole() is { } index)
                boots.Add(Boot(boot, index));
            else
                unread++;
        }
        return boots;
    }

    static DjiBootLog Boot(JsonValue boot, long index) => new(
        index,
        boot.Field("start_time"u8).Moment(),
        boot.Field("end_time"u8, "end_ime"u8).Moment(),
        boot.Field("size"u8).Amount());

    static List<DjiLogFile> Files(JsonValue data, JsonValue output) =>
        output.Field("ext"u8).Or(data.Field("ext"u8)).Field("files"u8).Or(output.Field("files"u8)).Items(DjiLogProgress.MaxFiles, File);

    static DjiLogFile? File(JsonValue file) => file.Kind != JsonKind.Object ? null : new(
        file.Field("module"u8).Word(DjiUpReader.MaxId),
        file.Field("device_sn"u8).Word(DjiTopics.MaxSn),
        file.Field("key"u8).Word(DjiLogFile.MaxKey),
        file.Field("fingerprint"u8).Word(DjiLogFile.MaxKey),
        file.Field("size"u8).Amount(),
        Progress(file.Field("progress"u8), file));

    /// <summary>A progress that is a plain number is the percent.</summary>
    static DjiFileProgress Progress(JsonValue progress, JsonValue file) => new(
        progress.Field("progress"u8, "prgress"u8).Or(progress).Percent(),
        progress.Field("current_step"u8).Small(),
        progress.Field("total_step"u8).Small(),
        Status(progress) ?? Status(file),
        progress.Field("result"u8).Or(file.Field("result"u8)).Small() ?? 0,
        progress.Field("finish_time"u8).Moment(),
        progress.Field("upload_rate"u8).Amount());
}
