using System.Text;

namespace Waybill.Objects.Credentials;

/// <summary>Prefixes that rights are given on. They end with a slash, or <c>logs/dock1</c> would open <c>logs/dock10/</c> too; and what policies of any
/// storage read as a pattern or a variable is none.</summary>
static class PrefixRule
{
    public const string Allowed = "1 to 512 bytes that end with a slash, do not begin with one and hold no * ? $ \\ \" nor control characters";

    const int Longest = 512;

    public static bool IsPrefix(string prefix) =>
        prefix.Length > 1 && prefix[^1] == '/' && prefix[0] != '/' && Encoding.UTF8.GetByteCount(prefix) <= Longest
        && !prefix.AsSpan().ContainsAny("*?$\\\"") && !prefix.Any(c => char.IsControl(c) || char.IsSurrogate(c));
}
