using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Waybill.Mqtt.Broker;

namespace Waybill.Mqtt.Tests.Broker;

public sealed class ConnectionLimitTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task One_connection_too_many_is_closed_until_another_ends(bool perAddress)
    {
        var app = new Recorder();
        await using var house = await RunningBroker.StartAsync(app, options: perAddress ? new() { MaximumConnectionsPerAddress = 2 } : new() { MaximumConnections = 2 });
        await using var one = await house.ConnectAsync(clientId: "one");
        await using (var two = await house.ConnectAsync(clientId: "two"))
        {
            Assert.True(await IsClosedAsync(house));
            await two.AssertQuietAsync();
            await PersistentSessionTests.LeaveAsync(two);
        }
        await using var again = await house.ConnectAsync(clientId: "again");
        await again.AssertQuietAsync();
        await one.AssertQuietAsync();
    }

    static async Task<bool> IsClosedAsync(RunningBroker house)
    {
        try
        {
            await using var client = await house.DialAsync();
            return await client.TryReadAsync() is null;
        }
        catch (SocketException)
        {
            // Reset before the dial was done
            return true;
        }
    }

    [Fact]
    public void Addresses_are_apart_and_IPv6_counts_by_network()
    {
        var limits = new ConnectionLimits(new() { MaximumConnectionsPerAddress = 1 });
        Assert.True(limits.TryEnter(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 1)));
        Assert.False(limits.TryEnter(new IPEndPoint(IPAddress.Parse("::ffff:10.0.0.1"), 2)));
        Assert.True(limits.TryEnter(new IPEndPoint(IPAddress.Parse("10.0.0.2"), 1)));
        Assert.True(limits.TryEnter(new IPEndPoint(IPAddress.Parse("2001:db8:0:1::1"), 1)));
        Assert.False(limits.TryEnter(new IPEndPoint(IPAddress.Parse("2001:db8:0:1:ffff::2"), 1)));
        Assert.True(limits.TryEnter(new IPEndPoint(IPAddress.Parse("2001:db8:0:2::1"), 1)));
        limits.Leave(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 1));
        Assert.True(limits.TryEnter(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 3)));
        Assert.True(limits.TryEnter(null));
    }

    [Fact]
    public void A_client_has_its_burst_and_then_its_pace()
    {
        var rate = new PublishRate(10);
        for (var n = 0; n < 10; n++) Assert.Equal(0, rate.Take(5000));
        Assert.Equal(100, rate.Take(5000));
        Assert.Equal(1, rate.Take(5099));
        Assert.Equal(0, rate.Take(5100));
        Assert.Equal(100, rate.Take(5100));
        for (var n = 0; n < 10; n++) Assert.Equal(0, rate.Take(9000));
        Assert.NotEqual(0, rate.Take(9000));
    }

    [Fact]
    public async Task Who_publishes_too_fast_is_read_later_and_loses_nothing()
    {
        var clock = new HandClock();
        await using var house = await RunningBroker.StartAsync(options: new() { MaximumPublishRate = 2 }, clock: clock);
        await using var client = await house.ConnectAsync();
        await using var other = await house.ConnectAsync(clientId: "other");
        await client.SendAsync([.. Enumerable.Range(1, 4).SelectMany(id => Codec.Packets.Publish(MqttVersion.V311, "t", "x", MqttQos.AtLeastOnce, (ushort)id))]);
        for (byte id = 1; id <= 2; id++) Assert.Equal([0, id], (await client.ReadAsync()).Body);
        var third = client.ReadAsync();
        await other.AssertQuietAsync();
        Assert.False(third.IsCompleted);
        // The timer may be set a moment after the second acknowledgement
        while (!third.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await other.AssertQuietAsync();
        }
        Assert.Equal([0, 3], (await third).Body);
    }

    [Fact]
    public async Task A_connection_whose_read_cannot_be_canceled_is_cut_a_moment_after_its_end()
    {
        var (app, clock) = (new Recorder(), new HandClock());
        await using var house = await RunningBroker.StartAsync(app, clock: clock, listening: listen => listen.Use(next => connection =>
        {
            connection.Transport = new DeafTransport(connection.Transport);
            return next(connection);
        }));
        await using var client = await house.ConnectAsync(MqttVersion.V50, keepAlive: 60);
        clock.Advance(TimeSpan.FromSeconds(92));
        Assert.Equal((byte)MqttReasonCode.KeepAliveTimeout, (await client.ReadAsync()).Body[0]);
        Assert.Equal("connected c", await app.NextAsync());
        Assert.True(app.IsQuiet);
        clock.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal("disconnected c KeepAliveTimeout", await app.NextAsync());
    }

    sealed class DeafTransport(IDuplexPipe inner) : PipeReader, IDuplexPipe
    {
        public PipeReader Input => this;

        public PipeWriter Output => inner.Output;

        public override void CancelPendingRead()
        {
        }

        public override void AdvanceTo(SequencePosition consumed) => inner.Input.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.Input.AdvanceTo(consumed, examined);

        public override void Complete(Exception? exception = null) => inner.Input.Complete(exception);

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => inner.Input.ReadAsync(cancellationToken);

        public override bool TryRead(out ReadResult result) => inner.Input.TryRead(out result);
    }
}
