using System.Runtime.InteropServices;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

// Hot. The lists and the array belong to the thread and are reused; a routed message is written straight into each subscriber's pipe.
// Sessions that were written to are remembered and flushed once per read batch. Whoever is written to or flushed may route a message on this
// very thread before it returns. Watched by BrokerBenchmark.

/// <summary>Brings messages to their subscribers.</summary>
sealed class MessageRouter(MqttBroker broker)
{
    static readonly Comparison<Subscriber> ByClient = static (a, b) => (a.Session?.Identity ?? 0).CompareTo(b.Session?.Identity ?? 0);

    [ThreadStatic] static List<Subscriber>? t_matches;
    [ThreadStatic] static List<MqttSession>? t_touched;
    [ThreadStatic] static PropertyScratch? t_scratch;

    /// <summary>
    /// Sends a message to every subscriber once, at the lower of its QoS and the granted one (3.3.5), without its flush. Properties go
    /// along between 5.0 clients. A message with RETAIN is kept first, so that a subscription made meanwhile misses nothing.
    /// </summary>
    public int Route(in MqttPublish message, MqttVersion version, MqttSession? from)
    {
        var before = broker.Journal?.Last ?? 0;
        if (message.Retain) (MqttBroker.IsOwn(message.Topic) ? broker.Told : broker.Retained).Set(message, version == MqttVersion.V50, broker.Now, from?.ClientId);
        var matches = t_matches ?? [];
        t_matches = null;
        // Subscriptions of one client side by side; of one set there are not two
        if (broker.Index.Match(message.Topic, matches) > 1) matches.Sort(ByClient);
        var properties = version == MqttVersion.V50 ? message.Properties : default;
        var delivered = 0;
        var left = CollectionsMarshal.AsSpan(matches);
        while (!left.IsEmpty)
        {
            var same = left[..SameClient(left)];
            if (same[0].Group is { } group ? SendShared(group, message, properties, from) : SendOne(same, message, properties, from)) delivered++;
            left = left[same.Length..];
        }
        matches.Clear();
        t_matches = matches;
        // Its acknowledgement waits for the commit of what was kept for others
        if (broker.Journal is { } journal && journal.Last is var last && last != before) from?.HoldUntil(last);
        return delivered;
    }

    /// <summary>Flushes the sessions this thread wrote to.</summary>
    public static void FlushTouched()
    {
        while (t_touched is { Count: > 0 } touched)
        {
            var session = touched[^1];
            touched.RemoveAt(touched.Count - 1);
            session.Flush();
        }
    }

    static int SameClient(ReadOnlySpan<Subscriber> matches)
    {
        var count = 1;
        while (count < matches.Length && matches[0].Session is { } session && matches[count].Session?.Identity == session.Identity) count++;
        return count;
    }

    /// <summary>Of overlapping subscriptions of one client the one with the highest QoS counts, with the identifiers of all (3.3.5) [MQTT-3.3.4-3, MQTT-3.3.4-4].</summary>
    static bool SendOne(ReadOnlySpan<Subscriber> same, in MqttPublish message, MqttProperties properties, MqttSession? from)
    {
        var best = -1;
        PropertyScratch? identifiers = null;
        for (var at = 0; at < same.Length; at++)
        {
            ref readonly var match = ref same[at];
            if (match.Options.NoLocal && ReferenceEquals(match.Session, from)) continue;
            if (best < 0 || match.Options.Qos > same[best].Options.Qos) best = at;
            if (match.Identifier == 0) continue;
            identifiers ??= (t_scratch ??= new()).Begin(properties);
            identifiers.Add(MqttPropertyId.SubscriptionIdentifier, match.Identifier);
        }
        return best >= 0 && Send(same[best], message, identifiers is null ? properties : identifiers.Properties, from);
    }

    static bool SendShared(ShareGroup group, in MqttPublish message, MqttProperties properties, MqttSession? from) =>
        group.Offer(new Offered(message, properties, from), static (member, offered) =>
            Send(member, offered.Message, member.Identifier == 0 ? offered.Properties : With(member.Identifier, offered.Properties), offered.From));

    static bool Send(in Subscriber to, in MqttPublish message, MqttProperties properties, MqttSession? from)
    {
        var session = to.Session!;
        var sent = session.Send(message, properties, to.Options);
        // The sender itself is flushed at the end of its read batch anyway
        if (sent == MqttSession.Sent.Unmarked && !ReferenceEquals(session, from)) (t_touched ??= []).Add(session);
        return sent != MqttSession.Sent.Not;
    }

    static MqttProperties With(int identifier, MqttProperties properties) =>
        (t_scratch ??= new()).Begin(properties).Add(MqttPropertyId.SubscriptionIdentifier, identifier).Properties;

    readonly ref struct Offered(MqttPublish message, MqttProperties properties, MqttSession? from)
    {
        public readonly MqttPublish Message = message;

        public readonly MqttProperties Properties = properties;

        public readonly MqttSession? From = from;
    }
}
