using System.Text;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Writes answers to commands and the progress of log exports.</summary>
static class DjiUpLogs
{
    public static void Reply(ref CompactJson json, DjiCommandReply reply, DjiSpelling spelling)
    {
        json.Raw("{"u8);
        json.Member("result"u8, reply.Result);
        if (reply.Logs.Count > 0 && !spelling.ListIsInOutput)
            Lists(ref json, reply.Logs, spelling);
        if (reply.Status is { } status || (reply.Logs.Count > 0 && spelling.ListIsInOutput))
        {
            json.Name("output"u8);
            json.Raw("{"u8);
            json.Member("status"u8, reply.Status?.Word);
            if (reply.Logs.Count > 0)
                Lists(ref json, reply.Logs, spelling);
            json.Raw("}"u8);
        }
        json.Raw("}"u8);
    }

    static void Lists(ref CompactJson json, IReadOnlyList<DjiModuleLogs> modules, DjiSpelling spelling)
    {
        json.Name("files"u8);
        json.Raw("["u8);
        foreach (var module in modules)
        {
            json.Next("{"u8);
            json.Member("device_sn"u8, spelling.SnIsBlank ? "" : module.DeviceSn ?? "");
            json.Name("list"u8);
            json.Raw("["u8);
            foreach (var boot in module.Boots)
                Boot(ref json, boot, spelling);
            json.Raw("]"u8);
            Module(ref json, module.Module, spelling);
            json.Member("result"u8, module.Result);
            json.Raw("}"u8);
        }
        json.Raw("]"u8);
    }

    static void Boot(ref CompactJson json, DjiBootLog boot, DjiSpelling spelling)
    {
        var isFirst = json.IsOpen;
        var unit = spelling.TimesAreSeconds ? 1000 : 1;
        json.Next("{"u8);
        json.Member("boot_index"u8, boot.Index);
        json.Member(Encoding.ASCII.GetBytes(isFirst ? "end_time" : spelling.LaterEnd), boot.End / unit);
        json.Member("size"u8, boot.Size);
        json.Member("start_time"u8, boot.Start / unit);
        json.Raw("}"u8);
    }

    /// <summary>Only the two modules known can be numbers.</summary>
    static void Module(ref CompactJson json, string? module, DjiSpelling spelling)
    {
        if (spelling.ModuleIsNumber && module is DjiModules.Aircraft or DjiModules.Dock)
            json.Member("module"u8, module == DjiModules.Dock ? 3 : 0);
        else
            json.Member("module"u8, module);
    }

    public static void Progress(ref CompactJson json, DjiLogProgress progress, DjiSpelling spelling)
    {
        json.Raw("{"u8);
        if (!spelling.IsFlat)
        {
            json.Member("result"u8, progress.Result);
            json.Raw(",\"output\":{"u8);
        }
        json.Raw("\"ext\":{\"files\":["u8);
        foreach (var file in progress.Files)
            File(ref json, file, spelling);
        json.Raw("]}"u8);
        json.Member("status"u8, progress.Status?.Word);
        if (spelling.IsFlat && progress.Result != 0)
            json.Member("result"u8, progress.Result);
        json.Raw(spelling.IsFlat ? "}"u8 : "}}"u8);
    }

    static void File(ref CompactJson json, DjiLogFile file, DjiSpelling spelling)
    {
        json.Next("{"u8);
        Module(ref json, file.Module, spelling);
        json.Member("size"u8, file.Size);
        json.Member("device_sn"u8, spelling.SnIsBlank ? "" : file.DeviceSn ?? "");
        json.Member("key"u8, file.Key);
        json.Member("fingerprint"u8, file.Fingerprint);
        json.Name("progress"u8);
        json.Raw("{"u8);
        json.Member("current_step"u8, file.Progress.CurrentStep);
        json.Member("total_step"u8, spelling.HasAllTotals || file.Module != DjiModules.Aircraft ? file.Progress.TotalSteps : null);
        json.Member(Encoding.ASCII.GetBytes(spelling.Percent), file.Progress.Percent);
        json.Member("finish_time"u8, file.Progress.FinishTime);
        json.Member("upload_rate"u8, file.Progress.Rate);
        json.Member("result"u8, file.Progress.Result);
        json.Member("status"u8, file.Progress.Status?.Word);
        json.Raw("}}"u8);
    }
}
