using Waybill.Mqtt;
using Waybill.Mqtt.Broker.Store;

namespace Waybill.Gate.Sessions;

/// <summary>A row of <c>mqtt_messages</c>.</summary>
sealed class MessageRow
{
    public const string Columns = "client_id as clientId, number, topic, payload, properties, qos, retain, expires_at as expiresAt, sent";

    public const string Put =
        """
        insert into mqtt_messages (client_id, number, topic, payload, properties, qos, retain, expires_at, sent)
        values (@ClientId, @Number, @Topic, @Payload, @Properties, @Qos, @Retain, @ExpiresAt, @Sent)
        on conflict (client_id, number) do update set topic = excluded.topic, payload = excluded.payload, properties = excluded.properties,
          qos = excluded.qos, retain = excluded.retain, expires_at = excluded.expires_at, sent = excluded.sent
        """;

    public string ClientId { get; init; } = "";
    public long Number { get; init; }
    public string? Topic { get; init; }
    public byte[]? Payload { get; init; }
    public byte[]? Properties { get; init; }
    public int? Qos { get; init; }
    public int? Retain { get; init; }
    public long? ExpiresAt { get; init; }
    public int Sent { get; init; }

    public static MessageRow Of(MqttMessageKept kept) => new()
    {
        ClientId = kept.ClientId,
        Number = kept.Number,
        Topic = kept.Message.Topic,
        Payload = kept.Message.Payload.ToArray(),
        Properties = kept.Message.PropertyBytes.ToArray(),
        Qos = (int)kept.Message.Qos,
        Retain = kept.Message.Retain ? 1 : 0,
        ExpiresAt = kept.Message.ExpiresAt,
        Sent = kept.IsSent ? 1 : 0,
    };

    public MqttStoreChange ToChange() => Topic is null
        ? new MqttMessageReceived(ClientId, Number)
        : new MqttMessageKept(ClientId, Number, new(Topic, Payload) { Qos = (MqttQos)Qos!, Retain = Retain == 1, PropertyBytes = Properties, ExpiresAt = ExpiresAt }) { IsSent = Sent == 1 };
}

/// <summary>A row of <c>mqtt_packet_ids</c>.</summary>
sealed class PacketIdRow
{
    public const string Columns = "client_id as clientId, packet_id as packetId";

    public const string Put = "insert into mqtt_packet_ids (client_id, packet_id) values (@ClientId, @PacketId) on conflict do nothing";

    public const string Delete = "delete from mqtt_packet_ids where client_id = @ClientId and packet_id = @PacketId";

    public string ClientId { get; init; } = "";
    public int PacketId { get; init; }

    public MqttStoreChange ToChange() => new MqttPacketIdKept(ClientId, (ushort)PacketId);
}

/// <summary>A row of <c>mqtt_retained</c>.</summary>
sealed class RetainedRow
{
    public const string Columns = "topic, payload, properties, qos, expires_at as expiresAt";

    public const string Put =
        """
        insert into mqtt_retained (topic, payload, properties, qos, expires_at) values (@Topic, @Payload, @Properties, @Qos, @ExpiresAt)
        on conflict (topic) do update set payload = excluded.payload, properties = excluded.properties, qos = excluded.qos, expires_at = excluded.expires_at
        """;

    public string Topic { get; init; } = "";
    public byte[] Payload { get; init; } = [];
    public byte[] Properties { get; init; } = [];
    public int Qos { get; init; }
    public long? ExpiresAt { get; init; }

    public static RetainedRow Of(MqttRetainedKept kept) => new()
    {
        Topic = kept.Message.Topic,
        Payload = kept.Message.Payload.ToArray(),
        Properties = kept.Message.PropertyBytes.ToArray(),
        Qos = (int)kept.Message.Qos,
        ExpiresAt = kept.Message.ExpiresAt,
    };

    public MqttStoreChange ToChange() =>
        new MqttRetainedKept(new(Topic, Payload) { Qos = (MqttQos)Qos, Retain = true, PropertyBytes = Properties, ExpiresAt = ExpiresAt });
}
