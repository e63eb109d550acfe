namespace Waybill.Objects;

/// <summary>A temporary file that an earlier run left behind. The name is its intake's.</summary>
sealed record Leftover(string Name, string Path, long Size);
