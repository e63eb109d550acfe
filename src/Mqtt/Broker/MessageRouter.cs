using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

// Hot. The lists and the array belong to the thread and are reused; a routed message is written straight into each subscriber's pipe.
// Sessions that were written to are remembered and flushed once per read batch. Watched by BrokerBenchmark.

/// <summary>Brings messages to their subscribers.</summary>
sealed class MessageRouter(MqttBroker broker)
{
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
        if (message.Retain) (MqttBroker.IsOwn(message.Topic) ? broker.Told : broker.Retained).Set(message, version == MqttVersion.V50, broker.Now);
        var matches = t_matches ??= [];
        var sets = broker.Index.Match(message.Topic, matches);
        var properties = version == MqttVersion.V50 ? message.Properties : default;
        var delivered = 0;
        for (var at = 0; at < matches.Count; at++)
        {
            var match = matches[at];
            if (match.Group is null ? SendOne(match, message, properties, from, sets, at) : SendShared(match.Group, message, properties, from)) delivered++;
        }
        matches.Clear();
        // Its acknowledgement waits for the commit of what was kept for others
        if (broker.Journal is { } journal && journal.Last is var last && last != before) from?.HoldUntil(last);
        return delivered;
    }

    /// <summary>Flushes the sessions this thread wrote to.</summary>
    public static void FlushTouched()
    {
        if (t_touched is not { Count: > 0 } touched) return;
        foreach (var session in touched) session.Flush();
        touched.Clear();
    }

    static bool SendOne(in Subscriber match, in MqttPublish message, MqttProperties properties, MqttSession? from, int sets, int at)
    {
        if (match.Options.NoLocal && ReferenceEquals(match.Session, from)) return false;
        if (sets > 1)
        {
            if (!IsChosen(t_matches!, at, from)) return false;
            properties = WithIdentifiers(t_matches!, match.Session!, properties);
        }
        else if (match.Identifier > 0)
        {
            properties = With(match.Identifier, properties);
        }
        return Send(match, message, properties, from);
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

    /// <summary>Of overlapping subscriptions of one session the first with the highest QoS counts (3.3.5).</summary>
    static bool IsChosen(List<Subscriber> matches, int at, MqttSession? from)
    {
        var (session, options, _, _) = matches[at];
        for (var other = 0; other < matches.Count; other++)
        {
            if (other == at || !ReferenceEquals(matches[other].Session, session)) continue;
            if (matches[other].Options.NoLocal && ReferenceEquals(session, from)) continue;
            var qos = matches[other].Options.Qos;
            if (qos > options.Qos || (qos == options.Qos && other < at)) return false;
        }
        return true;
    }

    /// <summary>The identifiers of all matching subscriptions of a session [MQTT-3.3.4-3, MQTT-3.3.4-4].</summary>
    static MqttProperties WithIdentifiers(List<Subscriber> matches, MqttSession session, MqttProperties properties)
    {
        PropertyScratch? scratch = null;
        foreach (var match in matches)
        {
            if (match.Identifier == 0 || !ReferenceEquals(match.Session, session)) continue;
            scratch ??= (t_scratch ??= new()).Begin(properties);
            scratch.Add(MqttPropertyId.SubscriptionIdentifier, match.Identifier);
        }
        return scratch is null ? properties : scratch.Properties;
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
