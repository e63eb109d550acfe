namespace Waybill.Webhooks;

static class WebhookRoom
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, WebhookSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<WebhookAddresses>()
        .AddSingleton<WebhookMeter>()
        .AddSingleton<WebhookPost>()
        .AddSingleton<WebhookRegistry>()
        .AddSingleton<WebhookProgress>()
        .AddSingleton<WebhookCourier>()
        .AddHostedService<WebhookCouriers>()
        .AddHostedService<WebhookRetention>();
}
