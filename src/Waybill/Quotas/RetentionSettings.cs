namespace Waybill.Quotas;

/// <summary><c>Waybill:Retention</c>.</summary>
sealed record RetentionSettings
{
    /// <summary>How long transfers that have ended are kept, and what devices held before; zero: for ever.</summary>
    public TimeSpan Transfers { get; init; } = TimeSpan.FromDays(180);

    /// <summary>How often it is looked for what has been kept long enough.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(10);
}
