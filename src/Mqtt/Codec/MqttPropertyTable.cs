using static Waybill.Mqtt.Codec.MqttPropertyId;
using static Waybill.Mqtt.Codec.MqttPropertyKind;
using static Waybill.Mqtt.Codec.MqttPropertyPlace;

namespace Waybill.Mqtt.Codec;

enum MqttPropertyKind : byte { Unknown, Flag, Two, Four, Variable, Text, Bytes, Pair }

/// <summary>Where a property may stand: a bit per packet type, and the will's block in CONNECT.</summary>
[Flags]
enum MqttPropertyPlace : ushort
{
    None = 0,
    Will = 1 << 0,
    InConnect = 1 << MqttPacketType.Connect,
    InConnAck = 1 << MqttPacketType.ConnAck,
    InPublish = 1 << MqttPacketType.Publish,
    InPubAck = 1 << MqttPacketType.PubAck,
    InPubRec = 1 << MqttPacketType.PubRec,
    InPubRel = 1 << MqttPacketType.PubRel,
    InPubComp = 1 << MqttPacketType.PubComp,
    InSubscribe = 1 << MqttPacketType.Subscribe,
    InSubAck = 1 << MqttPacketType.SubAck,
    InUnsubscribe = 1 << MqttPacketType.Unsubscribe,
    InUnsubAck = 1 << MqttPacketType.UnsubAck,
    InDisconnect = 1 << MqttPacketType.Disconnect,
    InAuth = 1 << MqttPacketType.Auth,
    Reasoned = InConnAck | InPubAck | InPubRec | InPubRel | InPubComp | InSubAck | InUnsubAck | InDisconnect | InAuth,
    Everywhere = Reasoned | InConnect | InPublish | Will | InSubscribe | InUnsubscribe,
}

/// <summary>Table 2-4 of the 5.0 specification.</summary>
static class MqttPropertyTable
{
    public static (MqttPropertyKind Kind, MqttPropertyPlace Places) Look(MqttPropertyId id) => id switch
    {
        PayloadFormatIndicator => (Flag, InPublish | Will),
        MessageExpiryInterval => (Four, InPublish | Will),
        ContentType => (Text, InPublish | Will),
        ResponseTopic => (Text, InPublish | Will),
        CorrelationData => (Bytes, InPublish | Will),
        SubscriptionIdentifier => (Variable, InPublish | InSubscribe),
        SessionExpiryInterval => (Four, InConnect | InConnAck | InDisconnect),
        AssignedClientIdentifier => (Text, InConnAck),
        ServerKeepAlive => (Two, InConnAck),
        AuthenticationMethod => (Text, InConnect | InConnAck | InAuth),
        AuthenticationData => (Bytes, InConnect | InConnAck | InAuth),
        RequestProblemInformation => (Flag, InConnect),
        WillDelayInterval => (Four, Will),
        RequestResponseInformation => (Flag, InConnect),
        ResponseInformation => (Text, InConnAck),
        ServerReference => (Text, InConnAck | InDisconnect),
        ReasonString => (Text, Reasoned),
        ReceiveMaximum => (Two, InConnect | InConnAck),
        TopicAliasMaximum => (Two, InConnect | InConnAck),
        TopicAlias => (Two, InPublish),
        MaximumQos => (Flag, InConnAck),
        RetainAvailable => (Flag, InConnAck),
        UserProperty => (Pair, Everywhere),
        MaximumPacketSize => (Four, InConnect | InConnAck),
        WildcardSubscriptionAvailable => (Flag, InConnAck),
        SubscriptionIdentifierAvailable => (Flag, InConnAck),
        SharedSubscriptionAvailable => (Flag, InConnAck),
        _ => default,
    };

    /// <summary>Whether a property may stand more than once (3.3.2.3.7, 3.3.2.3.8).</summary>
    public static bool Repeats(MqttPropertyId id, MqttPropertyPlace place) =>
        id == UserProperty || (id == SubscriptionIdentifier && place == InPublish);
}
