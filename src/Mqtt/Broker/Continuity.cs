using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>What only sessions have that outlive their connection; clean ones do not pay for it.</summary>
sealed class Continuity
{
    /// <summary>The connection of a session that has none.</summary>
    public static readonly ConnectionContext NoConnection = MakeNoConnection();

    /// <summary>Seconds the session stays without a connection.</summary>
    public uint ExpirySeconds { get; set; }

    /// <summary>What the application allows of it.</summary>
    public uint LongestSeconds { get; set; } = uint.MaxValue;

    /// <summary>Whose session it is; nobody else gets its messages.</summary>
    public string? UserName { get; init; }

    /// <summary>Who has the subscriptions and messages now.</summary>
    public MqttSession? Successor { get; set; }

    /// <summary>When it ends, in milliseconds of the broker's clock.</summary>
    public long EndsAt { get; set; }

    /// <summary>The will that waits for its delay.</summary>
    public MqttWill? Will { get; set; }

    /// <summary>When the will is due.</summary>
    public long WillAt { get; set; }

    static PipeConnection MakeNoConnection()
    {
        var pipe = new Pipe();
        return new(new Nowhere(pipe.Reader, pipe.Writer)) { ConnectionId = "offline" };
    }

    sealed record Nowhere(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
