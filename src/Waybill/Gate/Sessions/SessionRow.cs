using Waybill.Mqtt;
using Waybill.Mqtt.Broker.Store;
using Waybill.Mqtt.Codec;

namespace Waybill.Gate.Sessions;

/// <summary>A row of <c>mqtt_sessions</c>.</summary>
sealed class SessionRow
{
    public const string Columns =
        "client_id as clientId, version, expiry, user_name as userName, ends_at as endsAt, will_topic as willTopic, will_payload as willPayload, "
        + "will_properties as willProperties, will_qos as willQos, will_retain as willRetain, will_delay as willDelay, will_at as willAt";

    public const string Put =
        """
        insert into mqtt_sessions (client_id, version, expiry, user_name, ends_at, will_topic, will_payload, will_properties, will_qos, will_retain, will_delay, will_at)
        values (@ClientId, @Version, @Expiry, @UserName, @EndsAt, @WillTopic, @WillPayload, @WillProperties, @WillQos, @WillRetain, @WillDelay, @WillAt)
        on conflict (client_id) do update set version = excluded.version, expiry = excluded.expiry, user_name = excluded.user_name, ends_at = excluded.ends_at,
          will_topic = excluded.will_topic, will_payload = excluded.will_payload, will_properties = excluded.will_properties, will_qos = excluded.will_qos,
          will_retain = excluded.will_retain, will_delay = excluded.will_delay, will_at = excluded.will_at
        """;

    public string ClientId { get; init; } = "";
    public int Version { get; init; }
    public long Expiry { get; init; }
    public string? UserName { get; init; }
    public long? EndsAt { get; init; }
    public string? WillTopic { get; init; }
    public byte[]? WillPayload { get; init; }
    public byte[]? WillProperties { get; init; }
    public int? WillQos { get; init; }
    public int? WillRetain { get; init; }
    public long? WillDelay { get; init; }
    public long? WillAt { get; init; }

    public static SessionRow Of(MqttSessionKept kept) => new()
    {
        ClientId = kept.ClientId,
        Version = (int)kept.Version,
        Expiry = kept.ExpirySeconds,
        UserName = kept.UserName,
        EndsAt = kept.EndsAt,
        WillTopic = kept.Will?.Topic,
        WillPayload = kept.Will?.Payload.ToArray(),
        WillProperties = kept.Will?.PropertyBytes.ToArray(),
        WillQos = (int?)kept.Will?.Qos,
        WillRetain = kept.Will is { } will ? will.Retain ? 1 : 0 : null,
        WillDelay = kept.Will?.DelaySeconds,
        WillAt = kept.WillAt,
    };

    public MqttStoreChange ToChange() => new MqttSessionKept(ClientId, (MqttVersion)Version, (uint)Expiry)
    {
        UserName = UserName,
        EndsAt = EndsAt,
        Will = WillTopic is null ? null : new MqttWill(WillTopic, WillPayload)
        {
            Qos = (MqttQos)WillQos!,
            Retain = WillRetain == 1,
            DelaySeconds = (uint)WillDelay!,
            PropertyBytes = WillProperties,
        },
        WillAt = WillAt,
    };
}
