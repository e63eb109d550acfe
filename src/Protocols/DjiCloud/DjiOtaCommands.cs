using System.Buffers;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Writes the command of firmware upgrades.</summary>
public static class DjiOtaCommands
{
    /// <summary>Longest command, in bytes.</summary>
    public const int MaxPayload = 16 * 1024;

    /// <summary><c>ota_create</c>; false, and the output as it was, under the conditions of <see cref="Refusal"/>, or for what is too long.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="head">Its bid names the job from here on.</param>
    /// <param name="devices">The dock, its aircraft or both.</param>
    public static bool TryCreate(IBufferWriter<byte> output, DjiHead head, IReadOnlyList<DjiOtaDevice> devices)
    {
        if (Refusal(devices) is not null)
            return false;
        var json = new CompactJson(output.GetSpan(MaxPayload)[..MaxPayload]);
        json.Head(head with { Method = "ota_create" });
        json.Raw("{\"devices\":["u8);
        foreach (var device in devices)
            Device(ref json, device);
        json.Raw("]}}"u8);
        return json.TryCommit(output);
    }

    /// <summary>Why no dock could follow the command; null when one could.</summary>
    public static string? Refusal(IReadOnlyList<DjiOtaDevice> devices)
    {
        if (devices.Count is 0 or > 2 || devices.DistinctBy(d => d.Sn).Count() < devices.Count)
            return "an upgrade is for a dock, its aircraft or both";
        if (devices.Any(d => d.Sn.Length == 0 || d.Version.Length == 0))
            return "a device lacks its serial number or version";
        if (devices.Any(d => !Enum.IsDefined(d.Type)))
            return "the type of upgrade is not 2, 3 or 4";
        if (devices.Any(d => d is { Package: null, Type: not DjiUpgradeType.Consistency }))
            return "only a consistency upgrade goes without a package";
        return devices.Any(d => d.Package is { } p && (p.Url.Length == 0 || p.Name.Length == 0 || p.Size <= 0)) ? "a package lacks its URL, name or size" : null;
    }

    static void Device(ref CompactJson json, DjiOtaDevice device)
    {
        json.Next("{"u8);
        json.Member("sn"u8, device.Sn);
        json.Member("product_version"u8, device.Version);
        if (device.Package is { } package)
        {
            json.Member("file_url"u8, package.Url);
            json.Raw(",\"md5\":\""u8);
            json.Digits(new(package.Md5));
            json.Raw("\""u8);
            json.Member("file_size"u8, package.Size);
            json.Member("file_name"u8, package.Name);
        }
        json.Member("firmware_upgrade_type"u8, (int)device.Type);
        json.Raw("}"u8);
    }
}
