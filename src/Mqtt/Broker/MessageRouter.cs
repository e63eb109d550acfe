using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

// Hot. The two lists belong to the thread and are reused; a routed message is written straight into each subscriber's pipe. Sessions that
// were written to are remembered and flushed once per read batch. Watched by BrokerBenchmark.

/// <summary>Brings messages to their subscribers.</summary>
sealed class MessageRouter(MqttBroker broker)
{
    [ThreadStatic] static List<Subscriber>? t_matches;
    [ThreadStatic] static List<MqttSession>? t_touched;

    /// <summary>
    /// Sends a message to every subscriber once, at the lower of its QoS and the granted one (3.3.5), without its flush. Properties go
    /// along between 5.0 clients. A message with RETAIN is kept first, so that a subscription made meanwhile misses nothing.
    /// </summary>
    public int Route(in MqttPublish message, MqttVersion version, MqttSession? from)
    {
        var before = broker.Journal?.Last ?? 0;
        if (message.Retain) broker.Retained.Set(message, version == MqttVersion.V50, broker.Now);
        var matches = t_matches ??= [];
        var sets = broker.Index.Match(message.Topic, matches);
        var delivered = 0;
        for (var at = 0; at < matches.Count; at++)
        {
            var (session, options) = matches[at];
            if (sets > 1 && !IsChosen(matches, at)) continue;
            if (options.NoLocal && ReferenceEquals(session, from)) continue;
            var sent = session.Send(new()
            {
                Topic = message.Topic,
                Payload = message.Payload,
                Qos = message.Qos < options.Qos ? message.Qos : options.Qos,
                Retain = message.Retain,
                Properties = version == MqttVersion.V50 ? message.Properties : default,
            }, options);
            // The sender itself is flushed at the end of its read batch anyway
            if (sent == MqttSession.Sent.Unmarked && !ReferenceEquals(session, from)) (t_touched ??= []).Add(session);
            if (sent != MqttSession.Sent.Not) delivered++;
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

    /// <summary>Of overlapping subscriptions of one session the first with the highest QoS counts (3.3.5).</summary>
    static bool IsChosen(List<Subscriber> matches, int at)
    {
        var (session, options) = matches[at];
        for (var other = 0; other < matches.Count; other++)
        {
            if (other == at || !ReferenceEquals(matches[other].Session, session)) continue;
            var qos = matches[other].Options.Qos;
            if (qos > options.Qos || (qos == options.Qos && other < at)) return false;
        }
        return true;
    }
}
