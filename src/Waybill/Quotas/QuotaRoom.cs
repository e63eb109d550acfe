namespace Waybill.Quotas;

static class QuotaRoom
{
    /// <summary>What devices may upload and buckets may hold, and how long uploads and records are kept.</summary>
    public static IServiceCollection AddQuotas(this IServiceCollection services, RetentionSettings settings) => services
        .AddSingleton<UploadRuleBook>()
        .AddHostedService(s => s.GetRequiredService<UploadRuleBook>())
        .AddSingleton(settings)
        .AddSingleton<ExpiredUploads>()
        .AddSingleton<UploadRetention>()
        .AddSingleton<RetentionMeter>()
        .AddHostedService<UploadRetentionJob>()
        .AddHostedService<TransferPruning>()
        .AddHostedService<HeldPastPruning>()
        .AddHostedService<JobPruning>()
        .AddSingleton<UploadCount>()
        .AddSingleton<UploadAllowances>()
        .AddSingleton<UploadRefusals>()
        .AddSingleton<ObjectAllowances>()
        .AddSingleton<ObjectRemoval>()
        .AddSingleton<DeviceObjects>();
}
