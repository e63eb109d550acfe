using System.IO.Compression;
using Waybill.Objects;

namespace Waybill.Upgrades;

/// <summary>The version of which a vendor's package says that it is: devices report that one, whatever people call the file.</summary>
static class PackageVersion
{
    const string Ending = ".cfg.sig";
    const int VersionPart = 2;
    const int Longest = 64;

    /// <summary>By the name of an entry, <c>model_something_v10.01.4000_20260101.cfg.sig</c>; null for other files.</summary>
    /// <param name="package">A seekable stream.</param>
    public static string? Of(Stream package)
    {
        if (!ZipDirectory.IsWithinBounds(package))
            return null;
        try
        {
            using var zip = new ZipArchive(package, ZipArchiveMode.Read, leaveOpen: true);
            return zip.Entries.Select(e => Version(e.FullName)).FirstOrDefault(v => v is not null);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    static string? Version(string name)
    {
        if (name.Contains('/', StringComparison.Ordinal) || !name.EndsWith(Ending, StringComparison.OrdinalIgnoreCase))
            return null;
        var parts = name[..^Ending.Length].Split('_');
        return parts.Length > VersionPart && parts[VersionPart] is ['v' or 'V', .. { Length: > 0 and <= Longest } version] && !version.Any(char.IsControl) ? version : null;
    }
}
