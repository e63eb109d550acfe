using System.Text;

namespace Waybill.Transfers;

/// <summary>A file on a device, as the device names it.</summary>
sealed record HeldFile(string Name, string Version, string Type);

/// <summary>A file that came to a device, changed there or went; gone: no version.</summary>
sealed record HeldChange(string Name, string? Version, string Type);

/// <summary>What a device holds, by its last report and the results since; a row of <c>held_files</c>.</summary>
/// <param name="DeviceId">Whose.</param>
/// <param name="Files">Each name once.</param>
/// <param name="ChangedAt">Unix milliseconds; 0: the device never said.</param>
/// <param name="LastChange">The row of <c>held_changes</c> that tells the last change; 0: none.</param>
sealed record HeldFiles(long DeviceId, IReadOnlyList<HeldFile> Files, long ChangedAt, long LastChange)
{
    public static HeldFiles None(long deviceId) => new(deviceId, [], 0, 0);

    public HeldFile? Find(string name)
    {
        foreach (var file in Files)
        {
            if (file.Name == name)
                return file;
        }
        return null;
    }

    public bool Has(string name, string? version) => Find(name)?.Version == version;

    public HeldFiles With(HeldFile file, long now, long change) =>
        this with { Files = [.. Files.Where(f => f.Name != file.Name), file], ChangedAt = now, LastChange = change };

    public HeldFiles Without(string name, long now, long change) =>
        this with { Files = [.. Files.Where(f => f.Name != name)], ChangedAt = now, LastChange = change };

    /// <summary>What is different now.</summary>
    public IReadOnlyList<HeldChange> ChangesSince(HeldFiles before)
    {
        var changes = new List<HeldChange>();
        for (var i = 0; i < Files.Count; i++)
        {
            // mostly a list is as it was but for one file
            var was = i < before.Files.Count && before.Files[i].Name == Files[i].Name ? before.Files[i] : before.Find(Files[i].Name);
            if (was != Files[i])
                changes.Add(new(Files[i].Name, Files[i].Version, Files[i].Type));
        }
        changes.AddRange(before.Files.Where(f => Find(f.Name) is null).Select(f => new HeldChange(f.Name, null, f.Type)));
        return changes;
    }

    /// <summary>For a list that may be cut: what a device can still use comes first, which is what is not to be removed, the latest first.</summary>
    /// <param name="isGoing">Whether the file of this name is to be removed.</param>
    public IReadOnlyList<HeldFile> MostUsefulFirst(Func<string, bool> isGoing) => [.. Files.Reverse().OrderBy(f => isGoing(f.Name))];
}

/// <summary>Files as a row keeps them: a line of name, version and type for each, with tabs between. None of them holds either.</summary>
static class HeldText
{
    public static string Write(IReadOnlyList<HeldFile> files)
    {
        var text = new StringBuilder(files.Count * 48);
        foreach (var file in files)
            text.Append(file.Name).Append('\t').Append(file.Version).Append('\t').Append(file.Type).Append('\n');
        return text.ToString();
    }

    public static string Write(IReadOnlyList<HeldChange> changes) => Write([.. changes.Select(c => new HeldFile(c.Name, c.Version ?? "", c.Type))]);

    public static IReadOnlyList<HeldFile> Read(ReadOnlySpan<char> text)
    {
        var files = new List<HeldFile>();
        while (!text.IsEmpty)
        {
            var name = Until(ref text, '\t');
            var version = Until(ref text, '\t');
            files.Add(new(name, version, Until(ref text, '\n')));
        }
        return files;
    }

    public static IReadOnlyList<HeldChange> ReadChanges(string text) =>
        [.. Read(text).Select(f => new HeldChange(f.Name, f.Version.Length == 0 ? null : f.Version, f.Type))];

    static string Until(ref ReadOnlySpan<char> text, char mark)
    {
        var end = text.IndexOf(mark);
        var part = text[..end].ToString();
        text = text[(end + 1)..];
        return part;
    }
}
