using System.Net;
using System.Net.Sockets;

namespace Waybill.Mqtt.Tests.Peers;

/// <summary>Carries bytes between clients and a server, and breaks each connection after so many of them as long as there are cuts left.</summary>
sealed class CuttingRelay : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _end = new();
    readonly int _server;
    readonly int _bytes;
    readonly Task _running;
    int _cutsLeft;

    public CuttingRelay(int server, int cuts, int bytes)
    {
        (_server, _cutsLeft, _bytes) = (server, cuts, bytes);
        _listener.Start();
        _running = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int CutsLeft => Volatile.Read(ref _cutsLeft);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _running;
        _end.Dispose();
    }

    /// <summary>One connection after the other, which is what a client has.</summary>
    async Task RunAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptSocketAsync(_end.Token);
                using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                client.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, _server, _end.Token);
                await CarryAsync(client, server);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // either side has gone, or the test has ended
            }
        }
    }

    async Task CarryAsync(Socket client, Socket server)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        var left = new Allowance { Bytes = CutsLeft > 0 ? _bytes : long.MaxValue };
        var both = Task.WhenAll(OneWayAsync(client, server, left, cut), OneWayAsync(server, client, left, cut));
        await both.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (left.Bytes <= 0) Interlocked.Decrement(ref _cutsLeft);
        client.LingerState = new(true, 0);
    }

    static async Task OneWayAsync(Socket from, Socket to, Allowance left, CancellationTokenSource cut)
    {
        try
        {
            var buffer = new byte[512];
            while (Interlocked.Read(ref left.Bytes) > 0)
            {
                var read = await from.ReceiveAsync(buffer, cut.Token);
                if (read == 0) break;
                await to.SendAsync(buffer.AsMemory(0, read), cut.Token);
                Interlocked.Add(ref left.Bytes, -read);
            }
        }
        finally
        {
            await cut.CancelAsync();
        }
    }

    sealed class Allowance
    {
        public long Bytes;
    }
}
