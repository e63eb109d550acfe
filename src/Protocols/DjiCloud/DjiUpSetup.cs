using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Writes what docks ask and tell beside their jobs.</summary>
static class DjiUpSetup
{
    public static void Data(ref CompactJson json, DjiUp message, DjiSpelling spelling)
    {
        json.Raw("{"u8);
        switch (message)
        {
            case DjiConfigAsked:
                json.Raw("\"config_type\":\"json\",\"config_scope\":\"product\""u8);
                break;
            case DjiBindStatusAsked(var sns):
                Devices(ref json, sns);
                break;
            case DjiOrganizationAsked(var id, var code):
                json.Member("device_binding_code"u8, code ?? "");
                json.Member("organization_id"u8, id ?? "");
                break;
            case DjiBindAsked(var devices):
                Bindings(ref json, devices);
                break;
            case DjiTopology topology:
                Topology(ref json, topology, spelling);
                break;
            case DjiStorageAsked(var module):
                json.Member("module"u8, module);
                break;
            case DjiProperties properties:
                Properties(ref json, properties);
                break;
            case DjiMediaFile file:
                Media(ref json, file);
                break;
        }
        json.Raw("}"u8);
    }

    static void Devices(ref CompactJson json, IReadOnlyList<string> sns)
    {
        json.Raw("\"devices\":["u8);
        foreach (var sn in sns)
        {
            json.Next("{"u8);
            json.Member("sn"u8, sn);
            json.Raw("}"u8);
        }
        json.Raw("]"u8);
    }

    static void Bindings(ref CompactJson json, IReadOnlyList<DjiBinding> devices)
    {
        json.Raw("\"bind_devices\":["u8);
        foreach (var device in devices)
        {
            json.Next("{"u8);
            json.Member("device_binding_code"u8, device.BindingCode ?? "");
            json.Member("organization_id"u8, device.OrganizationId ?? "");
            json.Member("device_callsign"u8, device.Callsign ?? "");
            json.Member("sn"u8, device.Sn);
            json.Member("device_model_key"u8, device.ModelKey ?? "");
            json.Raw("}"u8);
        }
        json.Raw("]"u8);
    }

    static void Topology(ref CompactJson json, DjiTopology topology, DjiSpelling spelling)
    {
        Thing(ref json, topology.Gateway, spelling);
        json.Raw(",\"sub_devices\":["u8);
        foreach (var device in topology.SubDevices)
        {
            json.Next("{"u8);
            json.Member("sn"u8, device.Sn);
            Thing(ref json, device.Thing, spelling);
            json.Member("index"u8, device.Index ?? "");
            json.Raw("}"u8);
        }
        json.Raw("]"u8);
    }

    /// <summary>Secret and nonce are those of the vendor's example: nobody uses them.</summary>
    static void Thing(ref CompactJson json, DjiThing thing, DjiSpelling spelling)
    {
        if (!spelling.HasOldTopology && thing.Domain is { } domain)
        {
            json.Name("domain"u8);
            json.Raw("\""u8);
            json.Number(domain);
            json.Raw("\""u8);
        }
        json.Member("type"u8, thing.Type);
        json.Member("sub_type"u8, thing.SubType);
        json.Member("device_secret"u8, "secret");
        json.Member("nonce"u8, "nonce");
        json.Member(spelling.HasOldTopology ? "version"u8 : "thing_version"u8, thing.ThingVersion);
    }

    static void Properties(ref CompactJson json, DjiProperties properties)
    {
        json.Member("firmware_version"u8, properties.FirmwareVersion);
        json.Member("mode_code"u8, properties.Mode);
        json.Member("emergency_stop_state"u8, Bit(properties.IsStopped));
        json.Member("drone_in_dock"u8, Bit(properties.HasAircraft));
        json.Member("compatible_status"u8, Bit(properties.WantsConsistency));
        json.Member("firmware_upgrade_status"u8, Bit(properties.IsUpgrading));
        if (properties.Battery is { } battery)
        {
            json.Name("drone_charge_state"u8);
            json.Raw("{"u8);
            json.Member("capacity_percent"u8, battery);
            json.Raw(",\"state\":0}"u8);
        }
        if (properties.Aircraft is { } aircraft)
            Aircraft(ref json, aircraft);
        if (properties.Storage is { } storage)
        {
            json.Name("storage"u8);
            json.Raw("{"u8);
            json.Member("total"u8, storage.Total);
            json.Member("used"u8, storage.Used);
            json.Raw("}"u8);
        }
    }

    static void Aircraft(ref CompactJson json, DjiPairedAircraft aircraft)
    {
        json.Name("sub_device"u8);
        json.Raw("{"u8);
        json.Member("device_sn"u8, aircraft.Sn ?? "");
        json.Member("device_model_key"u8, aircraft.ModelKey ?? "");
        json.Member("device_online_status"u8, Bit(aircraft.IsOnline));
        json.Member("device_paired"u8, Bit(aircraft.IsPaired));
        json.Raw("}"u8);
    }

    static void Media(ref CompactJson json, DjiMediaFile file)
    {
        json.Member("result"u8, file.Result == 0 ? null : file.Result);
        json.Name("file"u8);
        json.Raw("{"u8);
        json.Member("object_key"u8, file.ObjectKey);
        json.Member("path"u8, file.Path ?? "");
        json.Member("name"u8, file.Name ?? "");
        json.Raw(",\"ext\":{"u8);
        json.Member("flight_id"u8, file.FlightId ?? "");
        json.Member("is_original"u8, Bit(file.IsOriginal));
        json.Raw("},\"metadata\":{"u8);
        json.Member("created_time"u8, file.CreatedAt);
        json.Raw("}}"u8);
    }

    static int? Bit(bool? flag) => flag is { } value ? value ? 1 : 0 : null;
}
