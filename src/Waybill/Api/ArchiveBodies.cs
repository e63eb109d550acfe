using Waybill.Logs;

namespace Waybill.Api;

/// <summary>The files in an archive.</summary>
/// <param name="Format"><c>tar</c>, <c>tar.gz</c>, <c>gz</c> or <c>zip</c>.</param>
/// <param name="Items">The first ones.</param>
/// <param name="More">There are more, or the archive is broken behind them.</param>
sealed record ArchiveEntriesAnswer(string Format, IReadOnlyList<ArchiveEntryAnswer> Items, bool More);

/// <summary>One file of an archive; what only unpacking would tell is null.</summary>
sealed record ArchiveEntryAnswer(string Name, long? Size, DateTime? Modified)
{
    public static ArchiveEntryAnswer Of(ArchiveEntry entry) => new(entry.Name, entry.Size, Time(entry.ModifiedAt));

    /// <summary>Anybody may have made the archive: what is no time is none.</summary>
    static DateTime? Time(long? milliseconds) =>
        milliseconds is { } time && time >= 0 && time <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? Times.Utc(time) : null;
}
