using Waybill.Data;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Waybill.Line;
using Waybill.Link;
using Waybill.Logs;
using Waybill.Protocols;
using Waybill.Protocols.DjiCloud;
using Waybill.Upgrades;

namespace Waybill.Dialects.DjiCloud;

/// <summary>DJI Cloud API: docks come online, give their logs and are upgraded. Quirks: README of the dialect in src/Protocols.</summary>
sealed partial class DjiDialect(DjiJobIds jobs, DjiVoice voice, DjiRooms rooms, DialectMeter meter, ILogger<DjiDialect> logger) : IDialect
{
    public string Name => DialectNames.Dji;

    /// <summary>Files reach docks as firmware, which is an upgrade's to send.</summary>
    public Commands Commands => Commands.None;

    public bool WaitsForReport => true;

    /// <summary>Services are taken when the topology was told (quirk D12); whatever else a dock says unasked shows that it had been.</summary>
    public bool IsReport(LineMessage message) => message is not (DjiRequest or DjiProductRequest);

    public bool Claims(ReadOnlySpan<byte> topic, DeviceConnection connection) =>
        DjiTopics.TryParse(topic, out var kind, out var sn) && kind.IsUp() && connection.SpeaksFor(sn);

    public bool TryOwner(ReadOnlySpan<byte> topic, out ReadOnlySpan<byte> name) => DjiTopics.TryOwner(topic, out name);

    public string DownTopic(DeviceIdentity device) => DjiTopics.Of(DjiTopicKind.Services, device.Name);

    public string? Refusal(in CommandFile file) => "docks take files as firmware: order an upgrade";

    /// <summary>A new connection may be the restart that an upgrade brings.</summary>
    public LineMessage? Arrival(DeviceIdentity device)
    {
        rooms.Arrivals.Done(device.Name, ArrivalStep.SignedIn);
        return new GatewayReturned(device.Id);
    }

    public void Listening(DeviceConnection connection) => rooms.Gateways.Wake(connection.Device.Id, again: true);

    public LineMessage? Read(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, DeviceIdentity device)
    {
        // a message that was set aside may be read again without its topic
        if (!DjiTopics.TryParse(topic, out var kind, out var topicSn))
            return null;
        if (!DjiUpReader.TryRead(kind, payload, out var envelope, out var said, out var fault))
        {
            Unusable(device, fault.Kind, fault.Reason);
            return null;
        }
        if (said is DjiUnusable unusable)
            Unusable(device, WireFaultKind.Nonsense, unusable.Reason);
        var heard = new DjiHeard(device, kind, System.Text.Encoding.ASCII.GetString(topicSn), envelope, said);
        return said switch
        {
            DjiProperties properties => Properties(heard, properties),
            DjiCommandReply reply => Reply(heard, reply),
            DjiLogProgress progress => new LogProgress(device.Id, jobs.LogOf(envelope.Bid, progress), DjiLogReports.Export(progress)),
            DjiOtaProgress progress => new UpgradeProgress(device.Id, jobs.Read(envelope.Bid) is { Purpose: SealPurpose.Upgrade } job ? job.Id : null, DjiUpgradeReports.Progress(progress)),
            DjiTopology topology => new DjiTopologySaid(heard, topology, rooms),
            DjiMediaFile file when file.Result == 0 => new DjiMediaSaid(heard, file),
            DjiStorageAsked => new DjiStorageRequest(heard),
            DjiConfigAsked or DjiBindStatusAsked or DjiOrganizationAsked or DjiBindAsked => new DjiProductRequest(heard),
            _ when kind == DjiTopicKind.Requests => new DjiRequest(heard),
            _ => new DjiSaid(heard),
        };
    }

    public void Answer(LineMessage message, DeviceConnection connection)
    {
        DjiArrivals.Note(rooms.Arrivals, message);
        if (message is DjiLogOffer { Told: not LogCommand.None } log)
            voice.Tell(connection, log);
        else if (message is DjiUpgradeOffer { Result: { } upgrade } offer)
            voice.Tell(connection, upgrade, offer);
        else if (message is DjiStorageRequest asked)
            rooms.Storage.Ask(asked, connection);
        else if (message is IDjiAnswered answered)
            voice.Answer(connection, answered.Heard, answered.Answer);
        else if (message.Origin is { IsPublish: true } origin)
            voice.Confirm(connection, origin);
        if (message is VersionSeen seen)
            rooms.Inbox.PostFollowing(new DjiFirmwareSaid(connection.Device.Id, seen.Sn, seen.Version));
    }

    /// <summary>A version is news for an upgrade; all else is memory.</summary>
    LineMessage Properties(DjiHeard heard, DjiProperties said)
    {
        var isDock = heard.Sn == heard.Device.Name;
        if (isDock && heard.Kind == DjiTopicKind.Osd)
            rooms.Arrivals.Done(heard.Device.Name, ArrivalStep.Osd);
        rooms.Conditions.Note(heard.Device.Id, before => isDock ? before.OfDock(said) : before.OfAircraft(said));
        return said.FirmwareVersion is { } version ? new VersionSeen(heard.Device.Id, heard.Sn, version) : new DjiSaid(heard);
    }

    LineMessage Reply(DjiHeard heard, DjiCommandReply reply)
    {
        if (jobs.Read(heard.Envelope.Bid) is not { } job)
            return new DjiSaid(heard);
        var dock = heard.Device;
        return job.Purpose switch
        {
            SealPurpose.LogList => new LogListReply(job.Id, DjiLogReports.Lists(reply, dock.Name, rooms.Conditions.Of(dock.Id).AircraftSn)),
            SealPurpose.LogStart => new LogStartReply(job.Id, reply.Result, DjiLogReports.Meaning(reply.Result)),
            SealPurpose.LogCancel => new LogCancelReply(job.Id, reply.Result, DjiLogReports.Meaning(reply.Result)),
            _ => new UpgradeReply(job.Id, DjiUpgradeReports.Reply(reply)),
        };
    }

    void Unusable(DeviceIdentity device, WireFaultKind kind, string reason)
    {
        meter.Nonsense(Name, kind.ToString());
        LogUnusable(logger, device.Product, device.Name, reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "thing/product of {Product}/{Device}: not used: {Reason}")]
    static partial void LogUnusable(ILogger logger, string product, string device, string reason);
}

/// <summary>What of the domain the dialect speaks with.</summary>
sealed record DjiRooms(
    GatewayConditions Conditions, GatewayArrivals Arrivals, GatewayQueue Gateways, DeviceConnections Connections, DjiStorageDesk Storage, Inbox Inbox);
