using System.Buffers;

namespace Waybill.Mqtt.Codec;

/// <summary>CONNECT (3.1). Read once per connection, so it owns its values.</summary>
public sealed record MqttConnect
{
    /// <summary>Protocol version.</summary>
    public MqttVersion Version { get; init; } = MqttVersion.V311;

    /// <summary>Client id; may be empty.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>User name, or null when there is none.</summary>
    public string? UserName { get; init; }

    /// <summary>Password, or null when there is none.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>Seconds between packets at most; 0 is no limit.</summary>
    public ushort KeepAliveSeconds { get; init; }

    /// <summary>Clean Session of 3.1 and 3.1.1, Clean Start of 5.0.</summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>Message to publish when the connection breaks.</summary>
    public MqttWill? Will { get; init; }

    /// <summary>Encoded properties of 5.0.</summary>
    public ReadOnlyMemory<byte> PropertyBytes { get; init; }

    /// <summary>Those properties.</summary>
    public MqttProperties Properties => new(PropertyBytes.Span);

    /// <summary>For a log: without user name and password.</summary>
    public override string ToString() => $"{nameof(MqttConnect)} {Version} {ClientId}";

    /// <summary>
    /// Reads a packet; <see cref="MqttReasonCode.Success"/> when it is well-formed. With
    /// <see cref="MqttReasonCode.UnsupportedProtocolVersion"/> nothing but the protocol name was understood.
    /// </summary>
    public static MqttReasonCode Read(scoped in MqttFrame frame, out MqttConnect? packet) => ConnectCodec.Read(frame, out packet);

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output) => ConnectCodec.Write(this, output);
}
