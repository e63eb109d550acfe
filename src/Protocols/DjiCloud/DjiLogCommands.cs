using System.Buffers;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>The logs of one module to be fetched into one archive.</summary>
/// <param name="DeviceSn">Of the dock or the aircraft.</param>
/// <param name="Module">As in <see cref="DjiModules"/>.</param>
/// <param name="ObjectKey">Of the archive in the bucket.</param>
/// <param name="Boots">Which; as they were listed.</param>
public sealed record DjiLogChoice(string DeviceSn, string Module, string ObjectKey, IReadOnlyList<DjiBootLog> Boots);

/// <summary>Writes the commands of remote log. False, and the output as it was, for what no device could follow.</summary>
public static class DjiLogCommands
{
    /// <summary>Longest command, in bytes.</summary>
    public const int MaxPayload = 128 * 1024;

    /// <summary><c>fileupload_list</c></summary>
    public static bool TryList(IBufferWriter<byte> output, DjiHead head, IReadOnlyList<string> modules)
    {
        var json = new CompactJson(output.GetSpan(MaxPayload)[..MaxPayload]);
        json.Head(head with { Method = "fileupload_list" });
        json.Raw("{"u8);
        json.Texts("module_list"u8, modules);
        json.Raw("}}"u8);
        return modules.Count > 0 && json.TryCommit(output);
    }

    /// <summary><c>fileupload_update</c>, whose one use is to cancel.</summary>
    public static bool TryCancel(IBufferWriter<byte> output, DjiHead head, IReadOnlyList<string> modules)
    {
        var json = new CompactJson(output.GetSpan(MaxPayload)[..MaxPayload]);
        json.Head(head with { Method = "fileupload_update" });
        json.Raw("{\"status\":\"cancel\""u8);
        json.Texts("module_list"u8, modules);
        json.Raw("}}"u8);
        return modules.Count > 0 && json.TryCommit(output);
    }

    /// <summary><c>fileupload_start</c>, with the fields of every generation at once.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="head">Its bid names the job from here on.</param>
    /// <param name="storage">Where to upload.</param>
    /// <param name="directory">Prefix of every key, for devices that choose the rest themselves.</param>
    /// <param name="files">One or two, each of another module.</param>
    public static bool TryStart(IBufferWriter<byte> output, DjiHead head, DjiStorage storage, string directory, IReadOnlyList<DjiLogChoice> files)
    {
        if (Refusal(storage, files) is not null)
            return false;
        var json = new CompactJson(output.GetSpan(MaxPayload)[..MaxPayload]);
        json.Head(head with { Method = "fileupload_start" });
        json.Raw("{"u8);
        json.Storage(storage, storage.Credentials.ExpiresAt);
        json.Member("file_store_dir"u8, directory);
        json.Raw(",\"file_type\":\"text_log\",\"params\":{\"files\":["u8);
        foreach (var file in files)
            Choice(ref json, file);
        json.Raw("]}}}"u8);
        return json.TryCommit(output);
    }

    /// <summary>Why <see cref="TryStart"/> says no to anything but a command that is too long; null when it does not.</summary>
    public static string? Refusal(DjiStorage storage, IReadOnlyList<DjiLogChoice> files)
    {
        if (storage.Refusal() is { } refusal)
            return "the storage " + refusal;
        if (files.Count is 0 or > 2 || files.DistinctBy(f => f.Module).Count() < files.Count)
            return "a job has one or two files, each of another module";
        return files.Any(f => f.Boots.Count == 0 || f.ObjectKey.Length == 0) ? "a file names no boots or no key" : null;
    }

    static void Choice(ref CompactJson json, DjiLogChoice file)
    {
        json.Next("{"u8);
        json.Member("device_sn"u8, file.DeviceSn);
        json.Member("module"u8, file.Module);
        json.Member("object_key"u8, file.ObjectKey);
        json.Raw(",\"list\":["u8);
        foreach (var boot in file.Boots)
        {
            json.Next("{"u8);
            json.Member("boot_index"u8, boot.Index);
            json.Member("start_time"u8, boot.Start);
            json.Member("end_time"u8, boot.End);
            json.Member("size"u8, boot.Size);
            json.Raw("}"u8);
        }
        json.Raw("]}"u8);
    }
}
