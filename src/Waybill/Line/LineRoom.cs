namespace Waybill.Line;

static class LineRoom
{
    /// <summary>The straight line. Who decides its messages is registered as <see cref="ILedger"/>.</summary>
    public static IServiceCollection AddLine(this IServiceCollection services) => services
        .AddSingleton<Inbox>()
        .AddSingleton<DeadMessages>()
        .AddSingleton<Ledgers>()
        .AddHostedService<StraightLine>();
}
