using Waybill.Data;
using Waybill.Files;
using Waybill.Transfers;

namespace Waybill.Api;

sealed record FileRef(string? Name, string? Version);

sealed record TransferBody(string? Kind, string? Product, string? Device, FileRef? File) : IRequestBody
{
    public void Check(Mistakes mistakes) => mistakes
        .Need("kind", Kind is "download" or "removal", "download or removal")
        .Need("product", Product is { Length: > 0 }, "the id of a product")
        .Need("device", Device is { Length: > 0 }, "the name of a device")
        .Need("file.name", File?.Name is { } name && FileNames.IsName(name), FileNames.AllowedName)
        .Need("file.version", File?.Version is { } version && FileNames.IsVersion(version), FileNames.AllowedVersion);
}

/// <summary>A transfer as the API shows it. Its URL is between the device and us.</summary>
sealed record TransferAnswer(string Id, string Kind, string Product, string Device, TransferFile File)
{
    public required string State { get; init; }
    public required string? Step { get; init; }
    public required int Percent { get; init; }

    /// <summary>Tries that ended without success.</summary>
    public required int Attempts { get; init; }

    /// <summary>The device's result code of the attempt that failed last.</summary>
    public required long? Code { get; init; }

    public required string? Reason { get; init; }

    /// <summary>What the device said that was recorded and not applied.</summary>
    public required string? Report { get; init; }

    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }

    public static TransferAnswer Of(FoundTransfer found, Seal seal)
    {
        var t = found.Transfer;
        var file = new TransferFile(t.Name, t.Version, t.Type, t.Size == Transfer.UnknownSize ? null : t.Size, t.Md5?.ToString(), t.Sha256?.ToString());
        return new(seal.Write(t.Id, 0, SealPurpose.TransferId), TransferWords.Of(t.Kind), found.Product, found.Device, file)
        {
            State = TransferWords.Of(t.State),
            Step = t.Step == TransferStep.None ? null : TransferWords.Of(t.Step),
            Percent = t.Percent,
            Attempts = t.Attempts,
            Code = t.Code,
            Reason = t.Reason,
            Report = t.Report,
            CreatedAt = Times.Utc(t.CreatedAt),
            UpdatedAt = Times.Utc(t.UpdatedAt),
        };
    }
}

sealed record TransferFile(string Name, string? Version, string? Type, long? Size, string? Md5, string? Sha256);
