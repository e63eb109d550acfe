using System.Globalization;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Logs;

namespace Waybill.Api;

/// <summary>Which docks of the product a campaign is for; absent: all of them.</summary>
/// <param name="Prefix">Of their serial numbers.</param>
/// <param name="Tag">As <c>name:value</c>.</param>
/// <param name="Devices">These and no others.</param>
sealed record LogCampaignFilterBody(string? Prefix, string? Tag, string[]? Devices)
{
    const int MostDevices = 1000;

    public static Mistakes Check(LogCampaignFilterBody? body, Mistakes mistakes) => mistakes
        .May("filter.prefix", body?.Prefix, RegistryNames.IsDevice, RegistryNames.Device)
        .May("filter.tag", body?.Tag, t => t.IndexOf(':', StringComparison.Ordinal) > 0, "name:value")
        .May("filter.devices", body?.Devices, d => d.Length is > 0 and <= MostDevices && d.All(n => n is not null && RegistryNames.IsDevice(n)), $"a list of 1 to {MostDevices} serial numbers");

    public LogCampaignFilter AsFilter() => new(Prefix, Tag, Devices);
}

/// <summary>Logs of many docks: of all logs of the time the newest of each module.</summary>
sealed record LogCampaignBody(string? Name, string? Product, LogCampaignFilterBody? Filter, string[]? Modules) : IRequestBody
{
    const int MostLogs = 10_000;

    /// <summary>As ISO 8601; absent: from the first log on.</summary>
    public string? Since { get; init; }

    /// <summary>Absent: to the last one.</summary>
    public string? Until { get; init; }

    /// <summary>Absent: as many as one archive may have.</summary>
    public int? MostPerModule { get; init; }

    public void Check(Mistakes mistakes) => LogCampaignFilterBody.Check(Filter, LogBodyRules.Modules(mistakes, "modules", Modules))
        .Need("name", Name is not null && ProductRules.IsTitle(Name), ProductRules.Title)
        .Need("product", Product is { Length: > 0 }, "the id of a product")
        .May("since", Since, t => Time(t) is not null, "a time as 2026-01-31T00:00:00Z")
        .May("until", Until, t => Time(t) is not null, "a time as 2026-01-31T00:00:00Z")
        .Need("until", Time(Since) is not { } since || Time(Until) is not { } until || since < until, "later than since")
        .Need("mostPerModule", MostPerModule is null or > 0 and <= MostLogs, $"1 to {MostLogs}");

    /// <param name="mostBoots">Logs that one archive may have.</param>
    public LogCampaignOrder AsOrder(int mostBoots) =>
        new(Name!, (Filter ?? new(null, null, null)).AsFilter(), Modules ?? [LogModules.Aircraft, LogModules.Dock])
        {
            Since = Time(Since),
            Until = Time(Until),
            Most = Math.Min(MostPerModule ?? mostBoots, mostBoots),
        };

    static long? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUnixTimeMilliseconds() : null;
}

/// <summary>A campaign as the API shows it.</summary>
sealed record LogCampaignAnswer(string Id, string Name, string Product, LogCampaignFilterBody Filter)
{
    public required IReadOnlyList<string> Modules { get; init; }
    public required DateTime? Since { get; init; }
    public required DateTime? Until { get; init; }
    public required int MostPerModule { get; init; }

    /// <summary><c>in_progress</c>, <c>ok</c> when all docks have ended, however that was, or <c>canceled</c>.</summary>
    public required string State { get; init; }

    /// <summary>Docks.</summary>
    public required long Targets { get; init; }

    /// <summary>Of the docks that have ended.</summary>
    public required int Percent { get; init; }

    /// <summary>Docks by the state of their requests.</summary>
    public required IReadOnlyDictionary<string, long> Counts { get; init; }

    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }

    public static LogCampaignAnswer Of(LogCampaign campaign, IEnumerable<LogCampaignCount> counts, Seal seal)
    {
        var own = counts.Where(c => c.CampaignId == campaign.Id).OrderBy(c => c.State).ToList();
        var (all, ended) = (own.Sum(c => c.Targets), own.Where(c => c.State >= (short)LogState.Ok).Sum(c => c.Targets));
        var filter = campaign.Filter;
        return new(seal.Write(campaign.Id, 0, SealPurpose.LogCampaign), campaign.Name, campaign.Product, new(filter.Prefix, filter.Tag, filter.Devices?.ToArray()))
        {
            Modules = campaign.Modules,
            Since = Times.Utc(campaign.Since),
            Until = Times.Utc(campaign.Until),
            MostPerModule = campaign.Most,
            State = TransferWords.Of(campaign is { IsOpen: true, CanceledAt: not null } ? LogState.Canceled : (LogState)campaign.State),
            Targets = all,
            Percent = all == 0 ? 100 : (int)(ended * 100 / all),
            Counts = own.ToDictionary(c => TransferWords.Of((LogState)c.State), c => c.Targets),
            CreatedAt = Times.Utc(campaign.CreatedAt),
            UpdatedAt = Times.Utc(campaign.UpdatedAt),
        };
    }
}

/// <summary>A dock of a campaign; without a log request while that waits for its turn.</summary>
sealed record LogTargetAnswer(string Gateway, string? Log, string State, string? Reason, DateTime UpdatedAt)
{
    public static LogTargetAnswer Of(LogCampaignTarget target, Seal seal) => new(
        target.Gateway,
        target.LogId is { } id ? seal.Write(id, 0, SealPurpose.LogRequest) : null,
        TransferWords.Of((LogState)target.State),
        target.Reason,
        Times.Utc(target.UpdatedAt));
}
