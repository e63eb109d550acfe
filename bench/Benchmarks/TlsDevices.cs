using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using Waybill.Device;
using Waybill.Mqtt;
using Waybill.Mqtt.Codec;

namespace Waybill.Benchmarks;

/// <summary>Devices that connect over TLS, authenticate, subscribe and say nothing more, named as the measuring scripts name them.</summary>
static class TlsDevices
{
    const int AtOnce = 16;

    public static async Task<int> RunAsync(int port, int count, string product, string secret, int first)
    {
        var open = new SslStream[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, ct) =>
            open[i] = await EnterAsync(port, new(product, $"dev{first + i:D6}", secret), ct));
        Console.WriteLine($"ready: {count} connections");
        await Console.Out.FlushAsync();
        await Console.In.ReadLineAsync();
        GC.KeepAlive(open);
        return 0;
    }

    static async Task<SslStream> EnterAsync(int port, TencentIdentity device, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port, ct);
        // the measuring script's own, which no authority knows
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false, static (_, shown, _, _) => shown?.Subject == "CN=localhost");
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, ct);
        var output = new ArrayBufferWriter<byte>();
        device.NewConnect(MqttVersion.V311, 0).Write(output);
        MqttSubscribe.Write(output, MqttVersion.V311, 1, [($"$resource/down/service/{device.Product}/{device.Device}", new(MqttQos.AtLeastOnce))]);
        await tls.WriteAsync(output.WrittenMemory, ct);
        var answers = new byte[9];
        await tls.ReadExactlyAsync(answers, ct);
        if (answers[3] != 0 || answers[8] >= 0x80)
            throw new IOException("a device was refused");
        return tls;
    }
}
