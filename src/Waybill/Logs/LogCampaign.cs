using System.Text.Json;

namespace Waybill.Logs;

/// <summary>Logs of many docks at once: for each of them one log request, chosen from by time. Times are Unix milliseconds.</summary>
sealed record LogCampaign
{
    public const string Columns =
        "c.id, c.product_id as productId, p.name as product, c.name, c.filter as filterText, c.modules as modulesText, c.since, c.until, c.most, c.state, "
        + "c.canceled_at as canceledAt, c.created_at as createdAt, c.updated_at as updatedAt, c.deadline_at as deadlineAt";

    public long Id { get; init; }
    public long ProductId { get; init; }
    public string Product { get; init; } = "";
    public string Name { get; init; } = "";
    public string FilterText { get; init; } = "{}";
    public string ModulesText { get; init; } = "[]";
    public long? Since { get; init; }
    public long? Until { get; init; }

    /// <summary>Logs of one module of a dock.</summary>
    public int Most { get; init; }

    /// <summary>Number of a <see cref="LogState"/>: in progress, ok or canceled.</summary>
    public short State { get; init; }

    /// <summary>No more is ordered from here on.</summary>
    public long? CanceledAt { get; init; }

    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }

    /// <summary>Until when a dock may wait for its turn.</summary>
    public long DeadlineAt { get; init; }

    public bool IsOpen => State < (short)LogState.Ok;

    public LogCampaignFilter Filter => JsonSerializer.Deserialize(FilterText, LogJson.Default.LogCampaignFilter)!;

    public IReadOnlyList<string> Modules => JsonSerializer.Deserialize(ModulesText, LogJson.Default.IReadOnlyListString)!;
}

/// <summary>Which docks of the product; null: no matter.</summary>
/// <param name="Prefix">Of their serial numbers.</param>
/// <param name="Tag">As <c>name:value</c>.</param>
/// <param name="Devices">These and no others.</param>
sealed record LogCampaignFilter(string? Prefix, string? Tag, IReadOnlyList<string>? Devices);

/// <summary>A campaign as it is ordered.</summary>
sealed record LogCampaignOrder(string Name, LogCampaignFilter Filter, IReadOnlyList<string> Modules)
{
    public long? Since { get; init; }
    public long? Until { get; init; }
    public required int Most { get; init; }
}

/// <summary>A dock of a campaign.</summary>
sealed record LogCampaignTarget
{
    public const string Columns = "t.gateway_id as gatewayId, d.name as gateway, t.log_id as logId, t.state, t.reason, t.updated_at as updatedAt";

    public long GatewayId { get; init; }
    public string Gateway { get; init; } = "";

    /// <summary>Row id of its log request, which need not be made yet.</summary>
    public long? LogId { get; init; }

    /// <summary>Number of a <see cref="LogState"/>: its request's, and pending while that waits for its turn.</summary>
    public short State { get; init; }

    public string? Reason { get; init; }
    public long UpdatedAt { get; init; }
}

/// <summary>How many docks of a campaign stand so.</summary>
sealed class LogCampaignCount
{
    public long CampaignId { get; init; }
    public short State { get; init; }
    public long Targets { get; init; }
}
