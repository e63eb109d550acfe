using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Codec;

namespace Waybill.Mqtt.Tests.Fuzz;

/// <summary>Makes what a hostile or broken client might send: the same number gives the same bytes.</summary>
sealed class Cases(int number)
{
    readonly Random _random = new(number);

    public MqttVersion Version { get; } = Packets.Versions[number % 3];

    /// <summary>A connection's bytes from the first to the last.</summary>
    public byte[] Conversation()
    {
        var bytes = new List<byte>();
        if (_random.Next(10) > 0) bytes.AddRange(Packets.Connect(Version, _random.Next(4) == 0 ? "shared" : $"f{number}", 0, With));
        for (var count = _random.Next(1, 12); count > 0; count--) bytes.AddRange(Packet());
        var all = bytes.ToArray();
        return _random.Next(8) == 0 ? all[.._random.Next(all.Length)] : all;
    }

    MqttConnect With(MqttConnect connect) => connect with
    {
        CleanStart = _random.Next(2) == 0,
        Will = _random.Next(3) == 0 ? Will() : null,
        PropertyBytes = Version != MqttVersion.V50 || _random.Next(2) == 0 ? default : new MqttPropertyBuffer()
            .Add(MqttPropertyId.SessionExpiryInterval, (uint)_random.Next(3)).Add(MqttPropertyId.ReceiveMaximum, (uint)_random.Next(1, 4))
            .Add(MqttPropertyId.TopicAliasMaximum, (uint)_random.Next(4)).Add(MqttPropertyId.MaximumPacketSize, (uint)_random.Next(20, 2000)).Properties.Bytes.ToArray(),
    };

    MqttWill Will() => new(WillTopic(), new byte[_random.Next(50)])
    {
        Qos = (MqttQos)_random.Next(3),
        Retain = _random.Next(2) == 0,
        DelaySeconds = Version == MqttVersion.V50 ? (uint)_random.Next(3) : 0,
        PropertyBytes = Version == MqttVersion.V50 ? new MqttPropertyBuffer().AddUser("k", "v").Properties.Bytes.ToArray() : default,
    };

    byte[] Packet() => _random.Next(12) switch
    {
        0 => Mutated(Pick()),
        1 => Mutated(Mutated(Mutated(Pick()))),
        2 => Truncated(Pick()),
        3 => Special(),
        4 => Noise(),
        5 => Acknowledgement(),
        6 or 7 => Packets.Subscribe(Version, Id(), (Filter(), new((MqttQos)_random.Next(3)))),
        _ => Packets.Publish(Version, Topic(), new string('x', _random.Next(300)), (MqttQos)_random.Next(3), Id()),
    };

    byte[] Pick()
    {
        var all = Packets.All(Version).ToArray();
        return all[_random.Next(all.Length)];
    }

    byte[] Mutated(byte[] bytes)
    {
        var copy = bytes.ToArray();
        copy[_random.Next(copy.Length)] = (byte)_random.Next(256);
        return copy;
    }

    /// <summary>Cut, with a length that says so or one that does not.</summary>
    byte[] Truncated(byte[] bytes)
    {
        var copy = bytes[.._random.Next(1, bytes.Length + 1)];
        if (copy.Length > 1 && copy[1] < 128 && _random.Next(2) == 0) copy[1] = (byte)(copy.Length - 2);
        return copy;
    }

    byte[] Noise()
    {
        var bytes = new byte[_random.Next(1, 40)];
        _random.NextBytes(bytes);
        return bytes;
    }

    byte[] Acknowledgement()
    {
        var type = (byte)(_random.Next(4, 8) << 4);
        return [(byte)(type | (type == 0x60 ? 2 : 0)), 2, 0, (byte)_random.Next(8)];
    }

    byte[] Special() => _random.Next(8) switch
    {
        0 => [0x32, 3, 0, 1, (byte)'t'],                                        // PUBLISH without its packet id
        1 => [0x30, 4, 0, 1, (byte)'t', 0x7F],                                  // properties past the end
        2 => [0x30, 3, 0, 0, 0],                                                // no topic
        3 => [0x30, 5, 0, 2, 0xC0, 0x80, 0],                                    // not UTF-8
        4 => [0x30, 4, 0, 1, 0, 0],                                             // U+0000
        5 => [0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0],                                 // 256 MiB, it says
        6 => Packets.Connect(Version),                                          // a second CONNECT
        _ => UserProperties(_random.Next(1, 20_000)),
    };

    byte[] UserProperties(int count)
    {
        var properties = new MqttPropertyBuffer();
        for (var n = 0; n < count; n++) properties.AddUser("k", "v");
        return Packets.Bytes(o => new MqttPublish { Topic = "t/many"u8, Properties = properties.Properties }.Write(o, MqttVersion.V50));
    }

    ushort Id() => (ushort)_random.Next(1, 8);

    string Topic() => $"t/{(char)('a' + _random.Next(3))}" + (_random.Next(5) == 0 ? new string('/', _random.Next(200)) : "");

    string WillTopic() => _random.Next(16) switch
    {
        0 => "$SYS/broker/uptime",
        1 => $"$SYS/{_random.Next(10_000)}",
        2 => "$share/g/t/a",
        3 => $"$share/{_random.Next(10_000)}/" + Topic(),
        _ => Topic(),
    };

    string Filter() => new[] { "t/#", "t/+", "t/a", "$share/g/t/a", "$share/g/#", "#", "+/+", "$SYS/#", Topic() }[_random.Next(9)];
}
