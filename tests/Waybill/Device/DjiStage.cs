using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Waybill.Device;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;
using Waybill.Protocols.DjiCloud;
using Waybill.Tests.Protocols;

namespace Waybill.Tests.Device;

/// <summary>What a dock said.</summary>
sealed record DjiHeard(string Sn, DjiTopicKind Kind, DjiEnvelope Envelope, DjiUp Message);

/// <summary>A dock, a platform that answers what it is told to, and a bucket.</summary>
sealed class DjiStage : MqttApplication, IAsyncDisposable
{
    public const string DockSn = "4TADOCK0000001";
    public const string AircraftSn = "4TADRONE000001";

    readonly Channel<DjiHeard> _heard = Channel.CreateUnbounded<DjiHeard>();
    readonly ConcurrentDictionary<string, DjiAnswer> _answers = new(StringComparer.Ordinal);
    readonly MqttBroker _broker;
    readonly WebApplication _app;
    readonly CancellationTokenSource _end = new();
    Task _running = Task.CompletedTask;

    DjiStage()
    {
        _broker = new(this);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.Run(_broker.OnConnectedAsync)));
        _app = builder.Build();
        Answers["config"] = new DjiConfig("123456", "key", "licence", "ntp.example");
        Answers["airport_bind_status"] = new DjiBindStatus([new(DockSn, new("Fire brigade", "org-1"), "Roof"), new(AircraftSn, new("Fire brigade", "org-1"), "Bird")]);
    }

    /// <summary>By method; what is not here is answered 0. A method that is to stay unanswered is in <see cref="Silent"/>.</summary>
    public IDictionary<string, DjiAnswer> Answers => _answers;

    public ConcurrentDictionary<string, bool> Silent { get; } = new(StringComparer.Ordinal);

    /// <summary>Archives by their key.</summary>
    public ConcurrentDictionary<string, byte[]> Bucket { get; } = new(StringComparer.Ordinal);

    public Channel<DjiJobOutcome> Outcomes { get; } = Channel.CreateUnbounded<DjiJobOutcome>();

    /// <summary>How the dock came last.</summary>
    public MqttConnect? Came { get; private set; }

    int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public static async Task<DjiStage> StartAsync()
    {
        var stage = new DjiStage();
        await stage._app.StartAsync(House.Soon);
        return stage;
    }

    public DjiDockOptions Options(DjiProfile profile) => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        Password = "secret",
        DockSn = DockSn,
        AircraftSn = AircraftSn,
        Profile = profile,
        Reconnect = false,
        AnswerTimeout = TimeSpan.FromMilliseconds(300),
        ConfigDelay = TimeSpan.FromMilliseconds(20),
        ResendDelays = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(80)],
        ReportInterval = TimeSpan.FromDays(1),
        RestartTime = TimeSpan.FromMilliseconds(20),
        Upload = async (_, key, content, moved, ct) =>
        {
            var bytes = new byte[content.Length];
            await content.ReadExactlyAsync(bytes, ct);
            Bucket[key] = bytes;
            moved.Report(bytes.Length);
        },
        Logs = new()
        {
            Dock = [new(321, 1654070968000, 1659427398000, 5000), new(322, 1654070968000, 1659427398000, 700)],
            Aircraft = [new(7, 1654070968000, 1659427398000, 3000)],
            Open = (_, boot, _) => new(new MemoryStream(LogOf(boot))),
        },
    };

    public static byte[] LogOf(DjiBootLog boot) => [.. Enumerable.Range(0, (int)boot.Size!).Select(i => (byte)(i * 31 + boot.Index))];

    /// <summary>A dock that is there and follows commands until the stage ends.</summary>
    public async Task<DjiDock> DockAsync(DjiDockOptions options)
    {
        var dock = await DjiDock.ConnectAsync(options, House.Soon);
        var arrival = await dock.ArriveAsync(House.Soon);
        if (!arrival.IsOnline)
            throw new InvalidOperationException($"the dock stopped at {arrival.Step}");
        _running = dock.RunAsync(new Watcher(Outcomes.Writer), _end.Token);
        return dock;
    }

    public Task<DjiDock> DockAsync(DjiProfile profile) => DockAsync(Options(profile));

    public Task<DjiJobOutcome> OutcomeAsync() => Outcomes.Reader.ReadAsync(House.Soon).AsTask();

    /// <summary>Commands the dock.</summary>
    public void Say(DjiCommand command, string bid)
    {
        var output = new ArrayBufferWriter<byte>();
        var head = new DjiHead("tid-" + bid, bid, null, DockSn, DjiWire.Now);
        var isSaid = command switch
        {
            DjiListLogs(var modules) => DjiLogCommands.TryList(output, head, modules),
            DjiCancelLogs(var modules) => DjiLogCommands.TryCancel(output, head, modules),
            DjiStartLogs(var storage, var directory, var files) => DjiLogCommands.TryStart(output, head, storage, directory, files),
            DjiCreateOta(var devices) => DjiOtaCommands.TryCreate(output, head, devices),
            _ => false,
        };
        if (!isSaid)
            throw new InvalidOperationException("the command cannot be written");
        Say(DjiTopicKind.Services, output.Text());
    }

    public void Say(DjiTopicKind kind, string json) => _broker.Publish(DjiTopics.Of(kind, DockSn), Encoding.UTF8.GetBytes(json), MqttQos.AtLeastOnce);

    /// <summary>The next message of a kind.</summary>
    public async Task<(DjiHeard Heard, T Message)> HearAsync<T>()
        where T : DjiUp
    {
        while (true)
        {
            var heard = await _heard.Reader.ReadAsync(House.Soon);
            if (heard.Message is T message)
                return (heard, message);
        }
    }

    /// <summary>Commands, and waits for the reply.</summary>
    public async Task<DjiCommandReply> CommandAsync(DjiCommand command, string bid)
    {
        Say(command, bid);
        var (heard, reply) = await HearAsync<DjiCommandReply>();
        if ((heard.Envelope.Tid, heard.Envelope.Bid) != ("tid-" + bid, bid))
            throw new InvalidOperationException("another command was answered");
        return reply;
    }

    public override ValueTask<MqttReasonCode> ConnectAsync(MqttSession session, MqttConnect connect, CancellationToken ct)
    {
        Came = connect;
        return base.ConnectAsync(session, connect, ct);
    }

    public override ValueTask<MqttPublishVerdict> PublishAsync(MqttSession session, in MqttPublish publish)
    {
        if (!DjiTopics.TryParse(publish.Topic, out var kind, out var sn) || !DjiUpReader.TryRead(kind, publish.Payload, out var envelope, out var message, out _))
            throw new InvalidOperationException("the dock says nonsense");
        var heard = new DjiHeard(Encoding.UTF8.GetString(sn), kind, envelope, message);
        _heard.Writer.TryWrite(heard);
        if (envelope.WantsAnswer(kind) && !Silent.ContainsKey(envelope.Method ?? ""))
            Answer(heard);
        return new(MqttPublishVerdict.Route);
    }

    public void Answer(DjiHeard heard)
    {
        var output = new ArrayBufferWriter<byte>();
        DjiAnswers.TryWrite(output, heard.Envelope.Answer(heard.Sn, DjiWire.Now), _answers.GetValueOrDefault(heard.Envelope.Method ?? "", new DjiResult(0)));
        _broker.Publish(DjiTopics.Of(heard.Kind.Reply()!.Value, heard.Sn), output.WrittenSpan, MqttQos.AtLeastOnce);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _broker.Stop();
        await _app.StopAsync(House.Soon);
        await _app.DisposeAsync();
        _broker.Dispose();
        _end.Dispose();
    }

    sealed class Watcher(ChannelWriter<DjiJobOutcome> outcomes) : IProgress<DjiJobOutcome>
    {
        public void Report(DjiJobOutcome value) => outcomes.TryWrite(value);
    }
}
