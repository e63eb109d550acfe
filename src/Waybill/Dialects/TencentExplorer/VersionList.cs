using System.Buffers;
using Waybill.Protocols.TencentExplorer;
using Waybill.Transfers;

namespace Waybill.Dialects.TencentExplorer;

/// <summary>The list in <c>report_version_rsp</c>: one packet, no second page.</summary>
static class VersionList
{
    /// <summary>Writes it with what fits, from the first on.</summary>
    /// <returns>How many were left out.</returns>
    public static int Write(IBufferWriter<byte> output, IReadOnlyList<HeldFile> files) =>
        ExplorerDownWriter.ReportVersionResponse(output, [.. files.Select(f => new ExplorerResource(f.Name, f.Version, f.Type))]);

    /// <summary>Names that are left out of a list in this order.</summary>
    public static IReadOnlyList<string> NotTold(IReadOnlyList<HeldFile> files)
    {
        var output = new ArrayBufferWriter<byte>(ExplorerDownWriter.MaxPayload);
        if (Write(output, files) == 0)
            return [];
        var told = ExplorerDownReader.TryRead(output.WrittenSpan, out var message, out _) && message is ReportVersionResponse response
            ? response.Resources.Select(r => r.Name).ToHashSet(StringComparer.Ordinal)
            : [];
        return [.. files.Select(f => f.Name).Where(name => !told.Contains(name))];
    }
}
