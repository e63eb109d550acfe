using System.Data.Common;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Waybill.Files;
using Waybill.Line;
using Waybill.Link;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Dialects.DjiCloud;

/// <summary>What came on a topic.</summary>
/// <param name="Device">The dock whose connection it came on.</param>
/// <param name="Kind">Of the topic.</param>
/// <param name="Sn">Of the topic: the dock's or its aircraft's.</param>
/// <param name="Envelope">What to answer with.</param>
/// <param name="Said">What was said.</param>
sealed record DjiHeard(DeviceIdentity Device, DjiTopicKind Kind, string Sn, DjiEnvelope Envelope, DjiUp Said);

/// <summary>A message that carries its answer.</summary>
interface IDjiAnswered
{
    DjiHeard Heard { get; }

    /// <summary>Null: nothing is to be said.</summary>
    DjiAnswer? Answer { get; }
}

/// <summary>Of which nothing lasts.</summary>
class DjiSaid(DjiHeard heard) : LineMessage, IDjiAnswered
{
    public override bool IsToDecide => false;

    public DjiHeard Heard => heard;

    DjiAnswer? IDjiAnswered.Answer => DjiWelcome.Answer(heard.Kind, heard.Envelope, heard.Said, DjiProduct.Of(heard.Device));
}

/// <summary>A question that nothing recorded answers.</summary>
class DjiRequest(DjiHeard heard) : DjiSaid(heard);

/// <summary>Where to put media.</summary>
sealed class DjiStorageRequest(DjiHeard heard) : DjiRequest(heard);

/// <summary>A question of a dock that comes, for its licence or organization; a binding is recorded before it is confirmed.</summary>
sealed class DjiProductRequest(DjiHeard heard) : GatewayMessage, IDjiAnswered
{
    public DjiHeard Heard => heard;

    DjiAnswer? _answer;

    DjiAnswer? IDjiAnswered.Answer => _answer;

    public override async ValueTask DecideAsync(DbConnection db, GatewayMoment moment)
    {
        var (id, product) = await DjiProducts.LoadAsync(db, moment.Registry.Book, heard);
        if (heard.Said is DjiBindAsked asked && product.IsOwner)
            await GatewayBook.BindAsync(db, id, DjiWelcome.Bindings(asked, product), moment.Now);
        _answer = DjiWelcome.Answer(heard.Kind, heard.Envelope, heard.Said, product);
    }
}

/// <summary>Which aircraft stands behind the dock: recorded, since it decides whose topics are the dock's.</summary>
sealed class DjiTopologySaid(DjiHeard heard, DjiTopology topology, DjiRooms rooms) : GatewayMessage, IDjiAnswered
{
    MembersTaken _behind = new([], [], []);

    public DjiHeard Heard => heard;

    DjiAnswer? IDjiAnswered.Answer => DjiWelcome.Answer(heard.Kind, heard.Envelope, heard.Said, DjiProduct.Of(heard.Device));

    public override async ValueTask DecideAsync(DbConnection db, GatewayMoment moment) => _behind = await moment.Registry.Members.SaveAsync(
        db, heard.Device.Id, [.. topology.SubDevices.Select(d => new GatewayMember(d.Sn, d.Thing.ModelKey ?? "", d.Index ?? "", IsOn: true))], moment.Now);

    public override void Answer()
    {
        rooms.Conditions.Note(heard.Device.Id, before => before.Of(topology));
        foreach (var (gateway, sn) in _behind.Left)
            rooms.Connections.Find(gateway)?.LoseMember(sn);
        if (Origin is { } origin)
            origin.Connection.Members = [.. _behind.Taken.Select(m => m.Sn).Union(origin.Connection.Members, StringComparer.Ordinal)];
        base.Answer();
    }
}

/// <summary>What a device runs, for the registry.</summary>
sealed class DjiFirmwareSaid(long gatewayId, string sn, string version) : GatewayMessage
{
    public override async ValueTask DecideAsync(DbConnection db, GatewayMoment moment) =>
        await GatewayMembers.FirmwareAsync(db, await GatewayStorages.ProductOfAsync(db, gatewayId), [new(sn, version)], moment.Now);
}

/// <summary>A media file is in the bucket: it is the dock's from here on. It comes again until it is answered.</summary>
sealed class DjiMediaSaid(DjiHeard heard, DjiMediaFile file) : GatewayMessage, IDjiAnswered
{
    public DjiHeard Heard => heard;

    DjiAnswer? IDjiAnswered.Answer => DjiWelcome.Answer(heard.Kind, heard.Envelope, heard.Said, DjiProduct.Of(heard.Device));

    public override async ValueTask DecideAsync(DbConnection db, GatewayMoment moment)
    {
        if (heard.Device.IsShared)
            return;
        var name = file.Name is { } given && FileNames.IsName(given) ? given : file.ObjectKey.TrimEnd('/').Split('/')[^1];
        var version = file.FlightId is { } flight && FileNames.IsVersion(flight) ? flight : "";
        await UploadedObjects.AdoptAsync(db, heard.Device.Id, new(file.ObjectKey, name, version, moment.FreshId), moment.Now);
    }
}
