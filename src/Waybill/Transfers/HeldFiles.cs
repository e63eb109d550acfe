using System.Text.Json;
using System.Text.Json.Serialization;

namespace Waybill.Transfers;

/// <summary>A file on a device, as the device names it.</summary>
sealed record HeldFile(string Name, string Version, string Type);

/// <summary>A file that came to a device, changed there or went; gone: no version.</summary>
sealed record HeldChange(string Name, string? Version, string Type);

/// <summary>What a device holds, by its last report and the results since; a row of <c>held_files</c>.</summary>
sealed record HeldFiles(long DeviceId, IReadOnlyList<HeldFile> Files, long ChangedAt)
{
    public static HeldFiles None(long deviceId) => new(deviceId, [], 0);

    public static HeldFiles FromText(long deviceId, string text, long changedAt) =>
        new(deviceId, [.. JsonSerializer.Deserialize(text, HeldJson.Default.StringArrayArray)!.Select(f => new HeldFile(f[0], f[1], f[2]))], changedAt);

    public string ToText() => JsonSerializer.Serialize([.. Files.Select(f => (string[])[f.Name, f.Version, f.Type])], HeldJson.Default.StringArrayArray);

    public HeldFile? Find(string name) => Files.FirstOrDefault(f => f.Name == name);

    public bool Has(string name, string? version) => Find(name)?.Version == version;

    public HeldFiles With(HeldFile file, long now) => this with { Files = [.. Files.Where(f => f.Name != file.Name), file], ChangedAt = now };

    public HeldFiles Without(string name, long now) => this with { Files = [.. Files.Where(f => f.Name != name)], ChangedAt = now };

    /// <summary>What is different now.</summary>
    public IReadOnlyList<HeldChange> ChangesSince(HeldFiles before)
    {
        var old = before.Files.ToDictionary(f => f.Name, StringComparer.Ordinal);
        var changes = new List<HeldChange>();
        foreach (var file in Files)
        {
            if (!old.Remove(file.Name, out var was) || was != file)
                changes.Add(new(file.Name, file.Version, file.Type));
        }
        return [.. changes, .. old.Values.Select(f => new HeldChange(f.Name, null, f.Type))];
    }

    /// <summary>For a list that may be cut: what a device can still use comes first, which is what is not to be removed, the latest first.</summary>
    /// <param name="isGoing">Whether the file of this name is to be removed.</param>
    public IReadOnlyList<HeldFile> MostUsefulFirst(Func<string, bool> isGoing) => [.. Files.Reverse().OrderBy(f => isGoing(f.Name))];
}

[JsonSerializable(typeof(string[][]))]
sealed partial class HeldJson : JsonSerializerContext;
