using System.Text.Json.Serialization;
using Waybill.Data;
using Waybill.Devices.Gateways;
using Waybill.Logs;

namespace Waybill.Api;

/// <summary>Asks a dock which logs it has; without modules both its own and its aircraft's.</summary>
sealed record LogBody(string? Product, string? Gateway, string[]? Modules) : IRequestBody
{
    [JsonIgnore]
    public IReadOnlyList<string> Wanted => Modules ?? [LogModules.Aircraft, LogModules.Dock];

    public void Check(Mistakes mistakes) => LogBodyRules.Modules(mistakes, "modules", Modules)
        .Need("product", Product is { Length: > 0 }, "the id of a product")
        .Need("gateway", Gateway is { Length: > 0 }, "the serial number of a dock");
}

static class LogBodyRules
{
    public static Mistakes Modules(Mistakes mistakes, string field, string[]? modules) => mistakes.May(
        field,
        modules,
        m => m.Length > 0 && m.All(x => x is not null && LogModules.IsKnown(x)) && m.Distinct().Count() == m.Length,
        "a list of \"0\" (the aircraft), \"3\" (the dock) or both; or absent for both");
}

/// <summary>Which logs of a module are wanted.</summary>
sealed record LogChoiceBody(string? Module, long[]? BootIndexes);

sealed record LogUploadBody(LogChoiceBody[]? Files) : IRequestBody
{
    public void Check(Mistakes mistakes)
    {
        mistakes.Need("files", Files is { Length: > 0 }, "a list of one or two modules with the logs that are wanted");
        foreach (var (i, file) in (Files ?? []).Index())
        {
            mistakes.Need($"files[{i}].module", file?.Module is { } module && LogModules.IsKnown(module), "\"0\" (the aircraft) or \"3\" (the dock)")
                .Need($"files[{i}].bootIndexes", file?.BootIndexes is { Length: > 0 }, "a list of boot indexes out of the request's lists");
        }
    }
}

/// <summary>Which modules are no longer wanted; none: all.</summary>
sealed record LogCancelBody(string[]? Modules) : IRequestBody
{
    public void Check(Mistakes mistakes) => LogBodyRules.Modules(mistakes, "modules", Modules is [] ? null : Modules);
}

/// <summary>A log request as the API shows it.</summary>
sealed record LogAnswer(string Id, string Product, string Gateway, string State)
{
    public required string? Step { get; init; }
    public required IReadOnlyList<string> Modules { get; init; }

    /// <summary>Of all archives together.</summary>
    public required int Percent { get; init; }

    /// <summary>What there is to choose from.</summary>
    public required IReadOnlyList<LogListAnswer> Lists { get; init; }

    /// <summary>What was chosen.</summary>
    public required IReadOnlyList<LogArchiveAnswer> Archives { get; init; }

    /// <summary>The dock's code.</summary>
    public required long? Code { get; init; }

    public required string? Reason { get; init; }

    /// <summary>What the dock said that was recorded and not applied.</summary>
    public required string? Report { get; init; }

    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }

    /// <summary>When it ends if nothing happens.</summary>
    public required DateTime DeadlineAt { get; init; }

    public static LogAnswer Of(LogRequest request, GatewayName gateway, Seal seal) =>
        new(seal.Write(request.Id, 0, SealPurpose.LogRequest), gateway.Product, gateway.Gateway, TransferWords.Of(request.State))
        {
            Step = request.Step == LogStep.None ? null : TransferWords.Of(request.Step),
            Modules = request.Modules,
            Percent = request.Percent,
            Lists = [.. request.Lists.Select(LogListAnswer.Of)],
            Archives = [.. request.Archives.Select(LogArchiveAnswer.Of)],
            Code = request.Code,
            Reason = request.Reason,
            Report = request.Report,
            CreatedAt = Times.Utc(request.CreatedAt),
            UpdatedAt = Times.Utc(request.UpdatedAt),
            DeadlineAt = Times.Utc(request.DeadlineAt),
        };
}

/// <summary>The logs that a module has, or why they cannot be had.</summary>
/// <param name="Module">Whose.</param>
/// <param name="DeviceSn">Null: nobody knows.</param>
/// <param name="Code">0, or the dock's for this module.</param>
/// <param name="Reason">What the code means.</param>
/// <param name="Files">One for each start; null in a list of requests, since there may be thousands.</param>
sealed record LogListAnswer(string Module, string? DeviceSn, long Code, string? Reason, IReadOnlyList<BootLogAnswer>? Files)
{
    public static LogListAnswer Of(LogList list) => new(list.Module, list.DeviceSn, list.Code, list.Reason, [.. list.Boots.Select(BootLogAnswer.Of)]);
}

/// <summary>The log of one start of a device; times by the device's clock.</summary>
sealed record BootLogAnswer(long BootIndex, DateTime? StartTime, DateTime? EndTime, long? Size)
{
    public static BootLogAnswer Of(BootLog boot) => new(boot.Index, Time(boot.Start), Time(boot.End), boot.Size);

    /// <summary>Docks may say anything; what is no time is none.</summary>
    static DateTime? Time(long? milliseconds) =>
        milliseconds is { } time && time >= 0 && time <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? Times.Utc(time) : null;
}

/// <summary>The chosen logs of a module, as one archive.</summary>
sealed record LogArchiveAnswer(string Module, string DeviceSn, string Key, string State)
{
    /// <summary>What the dock is doing, in its own word.</summary>
    public required string? Stage { get; init; }

    public required int Percent { get; init; }

    /// <summary>Bytes, as they are stored, or else as the dock said.</summary>
    public required long? Size { get; init; }

    /// <summary>As the dock said.</summary>
    public required string? Fingerprint { get; init; }

    public required IReadOnlyList<long> BootIndexes { get; init; }
    public required string? Sha256 { get; init; }
    public required long? Code { get; init; }
    public required string? Reason { get; init; }

    public static LogArchiveAnswer Of(LogArchive archive) => new(archive.Module, archive.DeviceSn, archive.Key, TransferWords.Of(archive.State))
    {
        Stage = archive.Stage,
        Percent = archive.Percent,
        Size = archive.StoredSize ?? archive.Size,
        Fingerprint = archive.Fingerprint,
        BootIndexes = archive.BootIndexes,
        Sha256 = archive.Sha256?.ToString(),
        Code = archive.Code,
        Reason = archive.Reason,
    };
}
