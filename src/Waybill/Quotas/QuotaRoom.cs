namespace Waybill.Quotas;

static class QuotaRoom
{
    /// <summary>What devices may upload, and how long uploads and records are kept.</summary>
    public static IServiceCollection AddQuotas(this IServiceCollection services) => services
        .AddSingleton<UploadRuleBook>()
        .AddHostedService(s => s.GetRequiredService<UploadRuleBook>())
        .AddSingleton<UploadCount>()
        .AddSingleton<UploadAllowances>()
        .AddSingleton<UploadRefusals>();
}
