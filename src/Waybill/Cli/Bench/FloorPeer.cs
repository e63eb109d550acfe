using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Waybill.Mqtt.Codec;

namespace Waybill.Cli.Bench;

/// <summary>The floor: Mosquitto, and a responder behind it that answers each request with itself and stores nothing.</summary>
sealed class FloorPeer : BenchPeer
{
    const int Tries = 100;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    static readonly string[] Places = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"];

    readonly CancellationTokenSource _end = new();
    readonly Responder _responder = new();
    Task _responding = Task.CompletedTask;

    FloorPeer(string mosquitto, string directory, int port)
        : base(new ProcessStartInfo(mosquitto, ["-c", Path.Combine(directory, "mosquitto.conf")]), directory) => Port = port;

    /// <summary>Null when Mosquitto is not installed.</summary>
    public static async Task<FloorPeer?> StartAsync(BenchPlan plan, CancellationToken ct)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(Places);
        if (path.Select(p => Path.Combine(p, "mosquitto")).FirstOrDefault(File.Exists) is not { } mosquitto)
            return null;
        var (directory, port) = (NewDirectory(), FreePort());
        await File.WriteAllTextAsync(
            Path.Combine(directory, "mosquitto.conf"), $"listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nlog_dest none\n", ct);
        var peer = new FloorPeer(mosquitto, directory, port);
        try
        {
            await peer.EnterAsync(plan, ct);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public static MqttConnect Connect(string device) => new() { ClientId = BenchPlan.Product + device, KeepAliveSeconds = 600 };

    public override async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _responding;
        _responder.Dispose();
        await base.DisposeAsync();
        _end.Dispose();
    }

    async Task EnterAsync(BenchPlan plan, CancellationToken ct)
    {
        for (var left = Tries; !await _responder.TryConnectAsync(Port, ct); left--)
        {
            if (left == 0)
                throw new InvalidOperationException("Mosquitto does not listen");
            await Task.Delay(Pause, ct);
        }
        _responding = _responder.RunAsync(plan.Qos, _end.Token);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
