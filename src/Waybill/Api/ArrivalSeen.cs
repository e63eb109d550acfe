using System.Text.Json;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Waybill.Link;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Api;

/// <summary>What was seen of one dock, and what that means for each step. Causes: what hung for others (protocols of DJI docks, pain points).</summary>
sealed class ArrivalSeen(Product product, string sn, DeviceConnection? connection, GatewayArrivals arrivals)
{
    /// <summary>Whether the product has one.</summary>
    public required CheckedThing Licence { get; init; }

    /// <summary>Recorded, maybe long ago.</summary>
    public required bool IsBound { get; init; }

    /// <summary>An aircraft is recorded behind it.</summary>
    public required bool HasMembers { get; init; }

    /// <summary>It spoke just now.</summary>
    public required bool IsFresh { get; init; }

    public static string Word(ArrivalStep step) => JsonNamingPolicy.CamelCase.ConvertName(step.ToString());

    /// <summary>All but storage. Beside another server the steps that it answers are left out.</summary>
    public IEnumerable<ArrivalStepAnswer> Steps()
    {
        // who was refused was connected; who went away since is missed by its osd
        yield return Step(ArrivalStep.Connected, connection is not null || arrivals.Of(sn, ArrivalStep.SignedIn) is not null, Unconnected());
        yield return Step(ArrivalStep.SignedIn, connection is not null || IsTold(ArrivalStep.SignedIn), Unsigned());
        if (product.GatewayMode == GatewayMode.Owner)
        {
            // what comes after them is said by none who did not pass them
            var isPast = IsTold(ArrivalStep.Topology) || IsTold(ArrivalStep.Osd);
            yield return Step(ArrivalStep.Config, isPast || IsTold(ArrivalStep.Config), ("The dock is signed in and has not asked for its configuration.",
                "It does so within seconds. When it does not, see whether Pilot 2 shows the cloud as connected, and restart the dock."));
            yield return Step(ArrivalStep.Licence, Licence.Ok && (isPast || IsTold(ArrivalStep.Licence)), Unlicensed());
            yield return Step(ArrivalStep.Bound, IsBound || IsTold(ArrivalStep.Bound), Unbound());
        }
        yield return Step(ArrivalStep.Topology, HasMembers || IsTold(ArrivalStep.Topology), ("The dock has not told its topology, so it takes no commands.",
            "It does so when it is bound. Restart the dock, or its cloud connection in Pilot 2."));
        yield return Step(ArrivalStep.Osd, IsFresh, connection is null
            ? ("The dock was here, and is not connected now.", "It comes again by itself: look at its power and its network.")
            : ("The dock does not say how it stands, which docks do every other second.", "Restart the dock."));
    }

    bool IsTold(ArrivalStep step) => arrivals.Of(sn, step) is { Trouble: null };

    ArrivalStepAnswer Step(ArrivalStep step, bool isDone, (string Cause, string Remedy) otherwise)
    {
        var at = step > ArrivalStep.SignedIn ? arrivals.Of(sn, step)?.At : connection?.Since ?? arrivals.Of(sn, ArrivalStep.SignedIn)?.At;
        return new(Word(step), isDone, Times.Utc(at), isDone ? null : otherwise.Cause, isDone ? null : otherwise.Remedy);
    }

    (string, string) Unconnected() => ("No connection with this serial number has come.",
        $"Look at the address in Pilot 2 (tcp://, the host as the dock reaches it and never localhost, the MQTT port), at the user name (must be {sn}), and at firewalls between.");

    (string, string) Unsigned() => arrivals.Of(sn, ArrivalStep.SignedIn)?.Trouble switch
    {
        "password_wrong" => ("The dock came with another password.", $"Type the password anew in Pilot 2; when it is lost, make a new one: waybill dock add --new-secret --sn {sn}."),
        "device_disabled" => ("The device or its product is disabled.", "Enable it: PATCH it with {\"disabled\":false}."),
        _ => ("Nobody has signed in with this serial number.", $"User name in Pilot 2: {sn}."),
    };

    (string, string) Unlicensed()
    {
        if (!Licence.Ok)
            return (Licence.Cause!, Licence.Remedy!);
        return arrivals.Of(sn, ArrivalStep.Licence) is { Trouble: not null }
            ? ("When the dock asked, the product had no licence; it has one now.", "The dock asks again when it connects anew.")
            : ("The dock has not been given the licence yet.", "It asks for it after it has signed in.");
    }

    (string, string) Unbound()
    {
        if (arrivals.Of(sn, ArrivalStep.Bound)?.Trouble is { } code)
        {
            return code == $"{DjiErrorCodes.NoOrganization}"
                ? ("The dock was bound with an organization id that the product does not have.", $"Type one of /api/v1/products/{product.Name}/organizations in Pilot 2.")
                : ($"The dock was bound with a wrong binding code ({code}).", "Type the binding code of the organization in Pilot 2 anew; set a new one with waybill dock add --new-code when it is lost.");
        }
        return IsTold(ArrivalStep.Licence) && connection is null
            ? ("The dock got the licence and went away: DJI did not accept it.", "App id, key and licence must be of one app of the type Cloud API, copied whole, and the dock needs the internet to have them checked.")
            : ("The dock is not bound to an organization.", "Type organization id and binding code in Pilot 2.");
    }
}
