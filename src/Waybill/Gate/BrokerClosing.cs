using Waybill.Mqtt.Broker;
using Waybill.Settings;

namespace Waybill.Gate;

/// <summary>
/// Ends the sessions when the server is told to stop, <c>/readyz</c> being red already: not all at once, so that who comes back elsewhere
/// does not come with all others. What they said before is still answered.
/// </summary>
sealed class BrokerClosing(MqttBroker broker, WaybillSettings settings) : IHostedLifecycleService
{
    /// <summary>However many there are, the host's patience is for more than this.</summary>
    const int LongestSeconds = 8;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) =>
        broker.StopAsync(Math.Max(settings.Mqtt.ClosingRate, broker.ConnectionCount / LongestSeconds), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
