namespace Waybill.Mqtt.Client;

/// <summary>
/// How long a client waits before it connects again: anything up to a limit that doubles with each try, so that those who lost their
/// server together do not come back together ("full jitter"). Only a connection that held begins anew: one that a server takes and drops does not.
/// </summary>
sealed class BackOff(MqttClientOptions options)
{
    TimeSpan _limit = First(options);
    long _connectedAt;

    /// <summary>The time to wait before the next try.</summary>
    public TimeSpan Next()
    {
        var wait = _limit * options.Random.NextDouble();
        _limit = _limit < options.MaximumReconnectDelay / 2 ? _limit * 2 : options.MaximumReconnectDelay;
        return wait;
    }

    public void Connected() => _connectedAt = options.Clock.GetTimestamp();

    static TimeSpan First(MqttClientOptions options) =>
        options.ReconnectDelay < options.MaximumReconnectDelay ? options.ReconnectDelay : options.MaximumReconnectDelay;

    /// <summary>The connection was lost.</summary>
    public void Lost()
    {
        if (options.Clock.GetElapsedTime(_connectedAt) >= options.MaximumReconnectDelay) _limit = First(options);
    }
}
