namespace Waybill.Line;

static class LineRoom
{
    /// <summary>The straight line. Who commits its batches is registered as <see cref="CommitBatch"/>.</summary>
    public static IServiceCollection AddLine(this IServiceCollection services) => services
        .AddSingleton<Inbox>()
        .AddSingleton<DeadMessages>()
        .AddHostedService<StraightLine>();
}
