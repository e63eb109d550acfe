using System.Buffers;
using System.IO.Pipelines;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Fuzz;

/// <summary>A client that does nothing wrong.</summary>
sealed class Bystander : IAsyncDisposable
{
    public const string ClientId = "bystander";

    readonly Pipe _input = new(), _output = new();
    Task? _serving;

    public static async Task<Bystander> EnterAsync(MqttBroker broker)
    {
        var client = new Bystander();
        client._serving = broker.ServeAsync(new DuplexPipe(client._input.Reader, client._output.Writer));
        await client._input.Writer.WriteAsync(Packets.Connect(MqttVersion.V311, ClientId));
        await client._input.Writer.WriteAsync(Packets.Subscribe(MqttVersion.V311, 1, ("bystander/#", new(MqttQos.AtMostOnce))));
        await client.ExpectAsync([0x20, 2, 0, 0, 0x90, 3, 0, 1, 0]);
        return client;
    }

    public async Task CheckAsync(MqttBroker broker)
    {
        Assert.True(broker.Publish("bystander/x", "y"u8, MqttQos.AtMostOnce) > 0);
        await ExpectAsync(Packets.Publish(MqttVersion.V311, "bystander/x", "y"));
    }

    public async ValueTask DisposeAsync()
    {
        await _input.Writer.CompleteAsync();
        await _serving!;
    }

    async Task ExpectAsync(byte[] expected)
    {
        var result = await _output.Reader.ReadAtLeastAsync(expected.Length).AsTask().WaitAsync(RawClient.Patience);
        Assert.Equal(expected, result.Buffer.ToArray());
        _output.Reader.AdvanceTo(result.Buffer.End);
    }
}
