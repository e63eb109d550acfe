using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Tests.Codec;

public sealed class MutationTests
{
    static readonly Gen<(MqttVersion Version, byte[] Packet)> Packet =
        from version in Gen.Elements(Packets.Versions)
        from packet in Gen.Elements(Packets.All(version).ToArray())
        select (version, packet);

    [Fact]
    public void A_truncated_packet_needs_more()
    {
        foreach (var version in Packets.Versions)
            foreach (var packet in Packets.All(version))
                for (var length = 0; length < packet.Length; length++)
                    Assert.Equal(MqttReadStatus.NeedMore, Packets.Read(packet.AsSpan(0, length), version).Status);
    }

    [Fact]
    public void A_body_cut_short_is_never_read_as_whole_or_past_its_end()
    {
        foreach (var version in Packets.Versions)
            foreach (var packet in Packets.All(version).Where(p => p.Length < 100))
                for (var body = 0; body < packet[1]; body++)
                {
                    // Whatever comes of it, it comes without an exception and without the bytes that are not there
                    var cut = packet.AsSpan(0, 2 + body).ToArray();
                    cut[1] = (byte)body;
                    Assert.NotEqual(MqttReadStatus.NeedMore, Packets.Read(cut, version).Status);
                }
    }

    [Fact]
    public void Changed_bytes_are_read_or_refused_but_never_fail()
    {
        var mutated =
            from packet in Packet
            from changes in Gen.ListOf(Gen.Zip(Gen.Choose(0, packet.Packet.Length - 1), Gen.Choose(0, 255)))
            select (packet.Version, Bytes: Change(packet.Packet, changes));
        Prop.ForAll(Arb.From(mutated), static m =>
        {
            var (status, error) = Packets.Read(m.Bytes, m.Version);
            return (status == MqttReadStatus.Malformed) == (error != MqttReasonCode.Success);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [Fact]
    public void Random_bytes_are_read_or_refused_but_never_fail()
    {
        var random =
            from version in Gen.Elements(Packets.Versions)
            from bytes in Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b))
            from type in Gen.Choose(1, 15)
            select (version, Bytes: (byte[])[(byte)(type << 4 | (type is 6 or 8 or 10 ? 2 : 0)), (byte)Math.Min(127, bytes.Length), .. bytes]);
        Prop.ForAll(Arb.From(random), static r =>
        {
            var (status, error) = Packets.Read(r.Bytes, r.version);
            return (status == MqttReadStatus.Malformed) == (error != MqttReasonCode.Success);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithEndSize(120));
    }

    [Fact]
    public void Packets_cut_into_segments_anywhere_come_out_whole()
    {
        var cut =
            from version in Gen.Elements(Packets.Versions)
            from sizes in Gen.NonEmptyListOf(Gen.Choose(1, 40))
            select (version, sizes: sizes.ToArray());
        Prop.ForAll(Arb.From(cut), static c =>
        {
            var packets = Packets.All(c.version).ToArray();
            var buffer = Segments.Of([.. packets.SelectMany(p => p)], c.sizes);
            var frames = new MqttFrameReader(buffer);
            foreach (var packet in packets)
            {
                if (frames.TryRead(c.version, int.MaxValue, out var frame) != MqttReadStatus.Ok) return false;
                if (!frame.Body.SequenceEqual(packet.AsSpan(2))) return false;
            }
            var end = frames.TryRead(c.version, int.MaxValue, out _);
            var consumed = buffer.Slice(frames.Consumed).IsEmpty;
            frames.Dispose();
            return end == MqttReadStatus.NeedMore && consumed;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    static byte[] Change(byte[] packet, IEnumerable<(int At, int Value)> changes)
    {
        var bytes = packet.ToArray();
        foreach (var (at, value) in changes) bytes[at] = (byte)value;
        return bytes;
    }
}
