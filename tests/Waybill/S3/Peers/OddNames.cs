using System.Text;

namespace Waybill.Tests.S3.Peers;

/// <summary>Keys as people make them, good as names of files too.</summary>
static class OddNames
{
    public static string[] All { get; } =
        ["plain.txt", "a b c.txt", "a+b.txt", "航线/日志 一.log", "100%/%20.txt", "q?&=#;:@$,'()!~*.txt", "\U0001F680.bin", "deep/er/and deeper/x", "é/é"];

    /// <summary>What the key of that name holds.</summary>
    public static byte[] Content(string name) => Encoding.UTF8.GetBytes($"content of {name}\n");

    /// <summary>A directory with a file of each name.</summary>
    public static void WriteTo(string directory)
    {
        foreach (var name in All)
        {
            var path = Path.Join(directory, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, Content(name));
        }
    }

    /// <summary>The files below a directory and what they hold.</summary>
    public static Dictionary<string, string> ReadFrom(string directory) => Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetRelativePath(directory, f), File.ReadAllText, StringComparer.Ordinal);

    public static Dictionary<string, string> Expected { get; } = All.ToDictionary(n => n, n => Encoding.UTF8.GetString(Content(n)), StringComparer.Ordinal);
}
