using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Waybill.Mqtt.Tests.Peers;

/// <summary>A program of the mosquitto packages, with its output line by line. Missing from the path it fails the test.</summary>
sealed class Mosquitto : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly Process _process;
    readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    Mosquitto(string program, IEnumerable<string> arguments)
    {
        // Debian puts the broker where only root's path looks
        var path = program == "mosquitto" && File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : program;
        // Into a pipe they would write whole blocks
        _process = new() { StartInfo = new("stdbuf", ["-oL", path, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false } };
        _process.OutputDataReceived += (_, line) => Write(line.Data);
        _process.ErrorDataReceived += (_, line) => Write(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Subscribes; returns when the SUBACK was seen.</summary>
    public static async Task<Mosquitto> SubscribeAsync(int port, string version, string filter, params string[] more)
    {
        var peer = new Mosquitto("mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{port}", "-V", version, "-t", filter, "-d", "-F", "%t %q %p", .. more]);
        return await peer.ReadyAsync("Subscribed");
    }

    /// <summary>Publishes, waits for the end and gives its exit code.</summary>
    public static async Task<int> PublishAsync(int port, string version, string topic, string payload, params string[] more)
    {
        await using var peer = new Mosquitto("mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{port}", "-V", version, "-t", topic, "-m", payload, .. more]);
        return await peer.ExitAsync();
    }

    /// <summary>Sends a request of 5.0 and shows the response.</summary>
    public static Task<Mosquitto> RequestAsync(int port, string topic, string payload, string answers) =>
        Task.FromResult(new Mosquitto("mosquitto_rr", ["-h", "127.0.0.1", "-p", $"{port}", "-V", "mqttv5", "-t", topic, "-e", answers, "-m", payload, "-q", "1"]));

    /// <summary>Starts a broker at a free port.</summary>
    public static async Task<(Mosquitto Broker, int Port)> ListenAsync(int port = 0, string more = "")
    {
        if (port == 0) port = FreePort();
        var configuration = Path.GetTempFileName();
        await File.WriteAllTextAsync(configuration, $"listener {port} 127.0.0.1\nallow_anonymous true\nlog_dest stdout\nlog_type all\nmax_inflight_messages 20\n{more}", Ct);
        var broker = new Mosquitto("mosquitto", ["-c", configuration]);
        await broker.ReadyAsync("running");
        File.Delete(configuration);
        return (broker, port);
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async Task<string> UntilAsync(string part)
    {
        while (true)
        {
            var line = await _lines.Reader.ReadAsync(Ct).AsTask().WaitAsync(Patience, Ct);
            if (line.Contains(part, StringComparison.Ordinal)) return line;
        }
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(Ct).WaitAsync(Patience, Ct);
        return _process.ExitCode;
    }

    /// <summary>Ends a broker so that it writes down what it has.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", [$"{_process.Id}"]);
        await _process.WaitForExitAsync(Ct).WaitAsync(Patience, Ct);
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    async Task<Mosquitto> ReadyAsync(string sign)
    {
        try
        {
            await UntilAsync(sign);
            return this;
        }
        catch
        {
            // Nobody else knows the process yet
            await DisposeAsync();
            throw;
        }
    }

    void Write(string? line)
    {
        if (line is not null) _lines.Writer.TryWrite(line);
    }
}
