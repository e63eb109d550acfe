using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;

namespace Waybill.Benchmarks;

/// <summary>
/// The broker alone on Kestrel, open to everybody, for a load generator outside. Sessions within the process are subscribed and idle; standard
/// input takes a number, by which their count grows to it, and tells the resident memory when they are there. It runs until the input ends.
/// </summary>
static class BrokerHost
{
    public static async Task<int> RunAsync(int port)
    {
        using var broker = new MqttBroker(new Everything());
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port, listen => listen.Run(broker.OnConnectedAsync)));
        await using var app = builder.Build();
        await app.StartAsync();
        Say("ready");
        // the input blocks its thread
        await Task.WhenAny(Task.Run(() => FollowAsync(broker)), app.WaitForShutdownAsync());
        return 0;
    }

    static async Task FollowAsync(MqttBroker broker)
    {
        var sessions = new List<IDuplexPipe>();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var wanted = int.Parse(line, CultureInfo.InvariantCulture);
            while (sessions.Count < wanted)
                sessions.Add(await EnterAsync(broker, sessions.Count));
            Say($"{sessions.Count} sessions, {Resident()} KB resident, {GC.GetTotalMemory(forceFullCollection: true) / 1024} KB live");
        }
    }

    static async Task<IDuplexPipe> EnterAsync(MqttBroker broker, int number)
    {
        var (input, output) = (new Pipe(), new Pipe());
        _ = broker.ServeAsync(new Duplex(input.Reader, output.Writer));
        new MqttConnect { ClientId = $"session{number}" }.Write(input.Writer);
        MqttSubscribe.Write(input.Writer, MqttVersion.V311, 1, [($"s/{number}", new(MqttQos.AtLeastOnce))]);
        await input.Writer.FlushAsync();
        // CONNACK is 4 bytes, SUBACK 5
        var answers = await output.Reader.ReadAtLeastAsync(9);
        output.Reader.AdvanceTo(answers.Buffer.End);
        return new Duplex(output.Reader, input.Writer);
    }

    static string Resident() => File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2];

    static void Say(string line)
    {
        Console.WriteLine(line);
        Console.Out.Flush();
    }

    sealed class Everything : MqttApplication;

    sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
