using System.Text.Json;
using System.Text.Json.Serialization;

namespace Waybill.Transfers;

/// <summary>A file on a device, as the device names it.</summary>
sealed record HeldFile(string Name, string Version, string Type);

/// <summary>What a device holds, by its last report and the results since; a row of <c>held_files</c>.</summary>
sealed record HeldFiles(long DeviceId, IReadOnlyList<HeldFile> Files, long ReportedAt)
{
    public static HeldFiles None(long deviceId) => new(deviceId, [], 0);

    public static HeldFiles FromText(long deviceId, string text, long reportedAt) =>
        new(deviceId, [.. JsonSerializer.Deserialize(text, HeldJson.Default.StringArrayArray)!.Select(f => new HeldFile(f[0], f[1], f[2]))], reportedAt);

    public string ToText() => JsonSerializer.Serialize([.. Files.Select(f => (string[])[f.Name, f.Version, f.Type])], HeldJson.Default.StringArrayArray);

    public bool Has(string name, string? version) => Files.Any(f => f.Name == name && f.Version == version);

    public bool Lacks(string name) => !Files.Any(f => f.Name == name);

    public HeldFiles With(HeldFile file) => this with { Files = [.. Files.Where(f => f.Name != file.Name), file] };

    public HeldFiles Without(string name) => this with { Files = [.. Files.Where(f => f.Name != name)] };
}

[JsonSerializable(typeof(string[][]))]
sealed partial class HeldJson : JsonSerializerContext;
