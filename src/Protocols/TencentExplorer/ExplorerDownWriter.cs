using System.Buffers;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.TencentExplorer;

/// <summary>
/// Writes what the platform sends: compact, fields in the real platform's order, nothing escaped, no empty field. A message that breaks a
/// bound of the devices is not written at all and leaves the output as it was.
/// </summary>
/// <remarks>Hot: the answers of every batch. Writes straight into the output and allocates nothing.</remarks>
public static class ExplorerDownWriter
{
    /// <summary>Longest payload, in bytes: with its topic, packet id and fixed header it fits the 2048 beyond which devices drop a packet in silence.</summary>
    public const int MaxPayload = 1900;

    /// <summary>More than an entry with the longest name, version and type that are read.</summary>
    const int MaxEntry = 512;

    static ReadOnlySpan<byte> ListHead => "{\"method\":\"report_version_rsp\",\"result_code\":0,\"result_msg\":\"success\",\"resource_list\":["u8;

    static ReadOnlySpan<byte> ListTail => "]}"u8;

    /// <summary>Answers a <see cref="ReportVersion"/>.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="resources">The most useful first: from the first one on, each that still fits is told.</param>
    /// <returns>How many were left out; there is no second page.</returns>
    public static int ReportVersionResponse(IBufferWriter<byte> output, ReadOnlySpan<ExplorerResource> resources)
    {
        var json = new CompactJson(output.GetSpan(MaxPayload)[..MaxPayload]);
        Span<byte> scratch = stackalloc byte[MaxEntry];
        var leftOut = 0;
        json.Raw(ListHead);
        var start = json.Length;
        foreach (ref readonly var resource in resources)
        {
            var entry = new CompactJson(scratch);
            if (json.Length > start)
                entry.Raw(","u8);
            Entry(ref entry, resource);
            if (!IsUnescaped(resource) || entry.Failed || json.Length + entry.Length + ListTail.Length > MaxPayload)
                leftOut++;
            else
                json.Raw(scratch[..entry.Length]);
        }
        json.Raw(ListTail);
        json.TryCommit(output);
        return leftOut;
    }

    /// <summary>Tells a device to fetch; false under the conditions of <see cref="ExplorerLimits.Refusal(in ExplorerResource, ReadOnlySpan{char}, long)"/>.</summary>
    public static bool TryUpdateResource(IBufferWriter<byte> output, in ExplorerResource resource, ReadOnlySpan<char> url, Md5Text md5, long size)
    {
        if (ExplorerLimits.Refusal(resource, url, size) is not null)
            return false;
        var json = new CompactJson(output.GetSpan(MaxPayload)[..MaxPayload]);
        Command(ref json, "{\"method\":\"update_resource\",\"resource_name\":\""u8, resource);
        json.Raw(",\"url\":\""u8);
        json.Text(url);
        json.Raw("\",\"md5sum\":\""u8);
        json.Digits(md5);
        json.Raw("\",\"file_size\":"u8);
        json.Number(size);
        json.Raw("}"u8);
        return json.TryCommit(output);
    }

    /// <summary>Tells a device to delete; false under the conditions of <see cref="ExplorerLimits.Refusal(in ExplorerResource)"/>.</summary>
    public static bool TryDeleteResource(IBufferWriter<byte> output, in ExplorerResource resource)
    {
        if (ExplorerLimits.Refusal(resource) is not null)
            return false;
        var json = new CompactJson(output.GetSpan(MaxPayload)[..MaxPayload]);
        Command(ref json, "{\"method\":\"del_resource\",\"resource_name\":\""u8, resource);
        json.Raw("}"u8);
        return json.TryCommit(output);
    }

    /// <summary>Answers a <see cref="RequestUrl"/>; there is no form for refusing one.</summary>
    public static bool TryRequestUrlResponse(IBufferWriter<byte> output, ReadOnlySpan<char> url, ReadOnlySpan<char> token, in ExplorerRequestId id)
    {
        if (!CompactJson.IsPlain(url, ExplorerLimits.MaxUploadUrl) || !ExplorerLimits.IsToken(token) || !ExplorerLimits.CanRepeat(id))
            return false;
        var json = new CompactJson(output.GetSpan(MaxPayload)[..MaxPayload]);
        json.Raw("{\"method\":\"request_url_resp\",\"result_code\":0,\"result_msg\":\"success\",\"resource_url\":\""u8);
        json.Text(url);
        json.Raw("\",\"resource_token\":\""u8);
        json.Text(token);
        json.Raw(id.IsNumber ? "\",\"request_id\":"u8 : "\",\"request_id\":\""u8);
        json.Text(id.Text);
        json.Raw(id.IsNumber ? "}"u8 : "\"}"u8);
        return json.TryCommit(output);
    }

    static bool IsUnescaped(in ExplorerResource resource) =>
        ResourceNames.Refusal(resource.Name, ExplorerLimits.MaxNameUp) is null
        && ResourceNames.Refusal(resource.Version, ExplorerLimits.MaxVersionUp) is null
        && ResourceNames.Refusal(resource.Type, ExplorerLimits.MaxTypeUp) is null;

    static void Entry(ref CompactJson json, in ExplorerResource resource)
    {
        json.Raw("{\"resource_name\":\""u8);
        json.Text(resource.Name);
        json.Raw("\",\"version\":\""u8);
        json.Text(resource.Version);
        json.Raw("\",\"resource_type\":\""u8);
        json.Text(resource.Type);
        json.Raw("\"}"u8);
    }

    static void Command(ref CompactJson json, ReadOnlySpan<byte> head, in ExplorerResource resource)
    {
        json.Raw(head);
        json.Text(resource.Name);
        json.Raw("\",\"resource_type\":\""u8);
        json.Text(resource.Type);
        json.Raw("\",\"version\":\""u8);
        json.Text(resource.Version);
        json.Raw("\""u8);
    }
}
