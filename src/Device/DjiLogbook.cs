using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>What a dock and its aircraft have logged.</summary>
public sealed record DjiLogbook
{
    /// <summary>Of devices that were never started.</summary>
    public static DjiLogbook Empty { get; } = new() { Open = (_, _, _) => new(Stream.Null) };

    /// <summary>The dock's starts.</summary>
    public IReadOnlyList<DjiBootLog> Dock { get; init; } = [];

    /// <summary>The aircraft's.</summary>
    public IReadOnlyList<DjiBootLog> Aircraft { get; init; } = [];

    /// <summary>Opens one of them.</summary>
    public required DjiLogSource Open { get; init; }

    /// <summary>The starts of a module; null for a module there is not.</summary>
    public IReadOnlyList<DjiBootLog>? Of(string module) => module switch
    {
        DjiModules.Dock => Dock,
        DjiModules.Aircraft => Aircraft,
        _ => null,
    };
}

/// <summary>
/// Opens the log of one start, of the size it is listed with; the stream is disposed when it is in the archive. An <see cref="IOException"/>
/// means that it cannot be had.
/// </summary>
public delegate ValueTask<Stream> DjiLogSource(string module, DjiBootLog boot, CancellationToken ct);
