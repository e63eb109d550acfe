using System.Security.Cryptography;

namespace Waybill.Cli.Dock;

/// <summary>Secrets that people type on a remote control.</summary>
static class TypedText
{
    // without letters that look alike
    const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    const int Length = 16;

    /// <summary>80 bits.</summary>
    public static string New() => RandomNumberGenerator.GetString(Letters, Length);
}
