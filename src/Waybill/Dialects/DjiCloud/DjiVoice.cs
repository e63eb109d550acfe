using System.Buffers;
using System.Text;
using Waybill.Line;
using Waybill.Link;
using Waybill.Protocols;
using Waybill.Protocols.DjiCloud;
using Waybill.Upgrades;

namespace Waybill.Dialects.DjiCloud;

/// <summary>Says things to docks: commands on their services, answers where they asked. Any thread may.</summary>
sealed partial class DjiVoice(DjiOrders orders, PackageUrls urls, TimeProvider clock, ILogger<DjiVoice> logger) : IDisposable
{
    readonly ThreadLocal<ArrayBufferWriter<byte>> _payload = new(() => new());

    public void Tell(DeviceConnection connection, DjiLogOffer offer)
    {
        var payload = Fresh();
        if (orders.TryWrite(payload, connection.Device.Name, offer.Told, offer.Result!, offer.Storage))
            Deliver(connection, DjiTopics.Of(DjiTopicKind.Services, connection.Device.Name), payload);
        else
            LogUnwritten(logger, connection.Device.Product, connection.Device.Name, offer.Told.ToString());
    }

    public void Tell(DeviceConnection connection, Upgrade upgrade, DjiUpgradeOffer offer)
    {
        var packages = new Dictionary<string, DjiPackage>(StringComparer.Ordinal);
        for (var place = 0; place < offer.Packages.Count; place++)
        {
            if (offer.Packages[place] is { } file)
                packages[upgrade.Targets[place].Sn] = new(urls.For(upgrade, place, connection), Md5Digest.FromBytes(file.Md5), file.Size, file.Name);
        }
        var payload = Fresh();
        if (orders.TryWrite(payload, connection.Device.Name, upgrade, packages.AsReadOnly()))
            Deliver(connection, DjiTopics.Of(DjiTopicKind.Services, connection.Device.Name), payload);
        else
            LogUnwritten(logger, connection.Device.Product, connection.Device.Name, "ota_create");
    }

    /// <summary>Null where nothing is to be said.</summary>
    public void Answer(DeviceConnection connection, DjiHeard heard, DjiAnswer? answer)
    {
        if (answer is null || heard.Kind.Reply() is not { } reply)
            return;
        var payload = Fresh();
        if (DjiAnswers.TryWrite(payload, heard.Envelope.Answer(heard.Sn, clock.GetUtcNow().ToUnixTimeMilliseconds()), answer))
            Deliver(connection, DjiTopics.Of(reply, heard.Sn), payload);
        else
            LogUnwritten(logger, connection.Device.Product, connection.Device.Name, heard.Envelope.Method ?? reply.ToString());
    }

    /// <summary>A plain result to what was decided, where one is asked for.</summary>
    public void Confirm(DeviceConnection connection, Origin origin)
    {
        if (DjiTopics.TryParse(origin.Topic, out var kind, out var sn) && DjiUpReader.TryRead(kind, origin.Payload, out var envelope, out var said, out _))
        {
            var heard = new DjiHeard(connection.Device, kind, Encoding.ASCII.GetString(sn), envelope, said);
            Answer(connection, heard, DjiWelcome.Answer(kind, envelope, said, DjiProduct.Of(connection.Device)));
        }
    }

    public void Dispose() => _payload.Dispose();

    ArrayBufferWriter<byte> Fresh()
    {
        var payload = _payload.Value!;
        payload.ResetWrittenCount();
        return payload;
    }

    static void Deliver(DeviceConnection connection, string topic, ArrayBufferWriter<byte> payload) => connection.Deliver(Encoding.ASCII.GetBytes(topic), payload.WrittenSpan);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Product}/{Device}: {What} could not be written for the dock and was not sent")]
    static partial void LogUnwritten(ILogger logger, string product, string device, string what);
}
