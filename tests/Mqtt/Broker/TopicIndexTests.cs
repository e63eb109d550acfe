using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Tests.Conformance;

namespace Waybill.Mqtt.Tests.Broker;

public sealed class TopicIndexTests : IDisposable
{
    static readonly string[] Levels = ["a", "b", "", "+", "$x"];

    readonly MqttBroker _broker = new(new Recorder());
    readonly TopicIndex _index = new();

    public void Dispose() => _broker.Dispose();

    [Conforms("5.0", "4.7.2-1 3.3.2-3"), Conforms("3.1.1", "4.7.2-1 3.3.2-3")]
    [Fact]
    public void It_finds_what_the_filters_match_and_nothing_else()
    {
        var filters = Filters().ToArray();
        var sessions = filters.ToDictionary(f => f, _ => NewSession());
        foreach (var (filter, session) in sessions) Subscribe(filter, session);
        foreach (var topic in filters.Where(f => MqttTopic.IsName(Encoding.UTF8.GetBytes(f))))
        {
            var expected = filters.Where(f => MqttTopic.Matches(Encoding.UTF8.GetBytes(f), Encoding.UTF8.GetBytes(topic))).Select(f => sessions[f]);
            Assert.Equal(expected.ToHashSet(), Match(topic).ToHashSet());
        }
    }

    [Fact]
    public void What_is_unsubscribed_leaves_nothing_behind()
    {
        var session = NewSession();
        foreach (var filter in Filters()) Subscribe(filter, session);
        foreach (var filter in Filters()) _index.Unsubscribe(Encoding.UTF8.GetBytes(filter), session);
        _index.Unsubscribe("never/#"u8.ToArray(), session);
        Assert.Empty(Match("a/b"));
        Assert.True(_index.IsEmpty);
    }

    [Fact]
    public void Many_sessions_of_one_filter_come_and_go()
    {
        var sessions = Sessions(100);
        foreach (var session in sessions) Subscribe("all", session);
        foreach (var session in sessions) Subscribe("all", session);
        Assert.Equal(100, Match("all").Count);
        foreach (var session in sessions.Skip(1)) _index.Unsubscribe("all"u8.ToArray(), session);
        Assert.Equal([sessions[0]], Match("all"));
        _index.Unsubscribe("all"u8.ToArray(), sessions[0]);
        Assert.True(_index.IsEmpty);
    }

    [Fact]
    public async Task Whoever_looks_while_a_session_takes_anothers_place_finds_exactly_one_of_them()
    {
        var (sessions, twin) = (Sessions(100), NewSession("50"));
        foreach (var session in sessions) Subscribe("all", session);
        using var done = new CancellationTokenSource();
        var replacing = Task.Run(() =>
        {
            for (var (now, next) = (sessions[50], twin); !done.IsCancellationRequested; (now, next) = (next, now)) _index.Replace("all"u8.ToArray(), now, next);
        }, TestContext.Current.CancellationToken);
        for (var n = 0; n < 20_000; n++) Assert.Equal(1, Match("all").Count(s => s.ClientId == "50"));
        await done.CancelAsync();
        await replacing;
    }

    static IEnumerable<string> Filters()
    {
        yield return "#";
        foreach (var first in Levels)
        {
            if (first.Length > 0) yield return first;
            yield return first + "/#";
            foreach (var second in Levels)
            {
                yield return $"{first}/{second}";
                yield return $"{first}/{second}/#";
                foreach (var third in Levels) yield return $"{first}/{second}/{third}";
            }
        }
    }

    void Subscribe(string filter, MqttSession session) =>
        _index.Subscribe(Encoding.UTF8.GetBytes(filter), new(session, new(MqttQos.AtLeastOnce)));

    List<MqttSession> Match(string topic)
    {
        var matches = new List<Subscriber>();
        _index.Match(Encoding.UTF8.GetBytes(topic), matches);
        return [.. matches.Select(m => m.Session!)];
    }

    MqttSession[] Sessions(int count) => [.. Enumerable.Range(0, count).Select(n => NewSession($"{n}"))];

    MqttSession NewSession(string clientId = "")
    {
        var pipe = new Pipe();
        return new(_broker, new DefaultConnectionContext("test", new Duplex(pipe.Reader, pipe.Writer), new Duplex(pipe.Reader, pipe.Writer))) { ClientId = clientId };
    }

    sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
