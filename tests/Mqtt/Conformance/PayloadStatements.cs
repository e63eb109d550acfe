using Waybill.Mqtt.Tests.Broker;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Conformance;

/// <summary>The payload of CONNECT (3.1.3), where no other test looks.</summary>
public sealed class PayloadStatements
{
    [Conforms("5.0", "3.1.3-5 3.1.3-2 3.1.3-4 3.1.3-11 3.1.3-12"), Conforms("3.1.1", "3.1.3-5 3.1.3-2 3.1.3-4 3.1.3-10 3.1.3-11")]
    [Theory]
    [InlineData("0123456789ABCDEFGHIJKLM", "user", "w", true)]
    [InlineData("NOPQRSTUVWXYZabcdefghij", "user", "w", true)]
    [InlineData("klmnopqrstuvwxyz", "user", "w", true)]
    [InlineData("\uD800", "user", "w", false)]
    [InlineData("c", "\uD800", "w", false)]
    [InlineData("c", "user", "\uD800", false)]
    public async Task Client_id_user_name_and_will_topic_are_text(string clientId, string user, string will, bool taken)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.DialAsync();
        var bytes = Packets.Connect(MqttVersion.V311, clientId, 0, c => c with { UserName = user, Will = new(will, "x"u8.ToArray()) });
        // A lone surrogate is written as U+FFFD; as three bytes of its own it is not UTF-8
        await client.SendAsync(Replace(bytes));
        if (taken) Assert.Equal([0, 0], (await client.ReadAsync()).Body);
        else Assert.Null(await client.TryReadAsync());
    }

    // Without it there is nothing, or what follows is taken for it
    [Conforms("5.0", "3.1.3-3"), Conforms("3.1.1", "3.1.3-3")]
    [Theory]
    [InlineData("10 0A 0004 4D515454 04 02 000A")]
    [InlineData("10 10 0004 4D515454 04 06 000A 0001 77 0001 78")]
    [InlineData("10 11 0004 4D515454 04 C2 000A 0002 7573 0001 70")]
    [InlineData("10 0B 0004 4D515454 05 02 000A 00")]
    public async Task A_CONNECT_without_a_client_id_is_closed(string hex)
    {
        await using var house = await RunningBroker.StartAsync();
        await using var client = await house.DialAsync();
        await client.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        var answer = await client.TryReadAsync();
        Assert.Equal(hex.Contains("54 05", StringComparison.Ordinal) ? (byte)MqttReasonCode.MalformedPacket : null, answer?.Body[1]);
        if (answer is not null) Assert.Null(await client.TryReadAsync());
    }

    [Conforms("5.0", "3.1.3-1 3.1.3-3"), Conforms("3.1.1", "3.1.3-1 3.1.3-3")]
    [Theory]
    [InlineData(MqttVersion.V311, "", "1018 0004 4D515454 04 C6 0000 0000 0001 77 0001 78 0001 75 0001 70")]
    [InlineData(MqttVersion.V50, "c", "101B 0004 4D515454 05 C6 0000 00 0001 63 00 0001 77 0001 78 0001 75 0001 70")]
    public void A_client_id_comes_first_even_an_empty_one(MqttVersion version, string clientId, string hex) =>
        Assert.Equal(hex.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(Packets.Connect(version, clientId, 0,
            c => c with { Will = new("w", "x"u8.ToArray()), UserName = "u", Password = "p"u8.ToArray() })));

    static byte[] Replace(byte[] bytes)
    {
        for (var at = bytes.AsSpan().IndexOf("\uFFFD"u8); at >= 0; at = bytes.AsSpan().IndexOf("\uFFFD"u8)) new byte[] { 0xED, 0xA0, 0x80 }.CopyTo(bytes, at);
        return bytes;
    }
}
