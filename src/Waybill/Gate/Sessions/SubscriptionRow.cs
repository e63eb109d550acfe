using Waybill.Mqtt;
using Waybill.Mqtt.Broker.Store;
using Waybill.Mqtt.Codec;

namespace Waybill.Gate.Sessions;

/// <summary>A row of <c>mqtt_subscriptions</c>.</summary>
sealed class SubscriptionRow
{
    public const string Columns = "client_id as clientId, filter, qos, no_local as noLocal, as_published as asPublished, handling, identifier";

    public const string Put =
        """
        insert into mqtt_subscriptions (client_id, filter, qos, no_local, as_published, handling, identifier)
        values (@ClientId, @Filter, @Qos, @NoLocal, @AsPublished, @Handling, @Identifier)
        on conflict (client_id, filter) do update set qos = excluded.qos, no_local = excluded.no_local, as_published = excluded.as_published,
          handling = excluded.handling, identifier = excluded.identifier
        """;

    public string ClientId { get; init; } = "";
    public string Filter { get; init; } = "";
    public int Qos { get; init; }
    public int NoLocal { get; init; }
    public int AsPublished { get; init; }
    public int Handling { get; init; }
    public int Identifier { get; init; }

    public static SubscriptionRow Of(MqttSubscriptionKept kept) => new()
    {
        ClientId = kept.ClientId,
        Filter = kept.Filter,
        Qos = (int)kept.Options.Qos,
        NoLocal = kept.Options.NoLocal ? 1 : 0,
        AsPublished = kept.Options.RetainAsPublished ? 1 : 0,
        Handling = (int)kept.Options.RetainHandling,
        Identifier = kept.Identifier,
    };

    public MqttStoreChange ToChange() => new MqttSubscriptionKept(
        ClientId,
        Filter,
        new((MqttQos)Qos) { NoLocal = NoLocal == 1, RetainAsPublished = AsPublished == 1, RetainHandling = (MqttRetainHandling)Handling },
        Identifier);
}
