using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>
/// Reads properties. Hot: every device sends one of these every few seconds, with a hundred of properties of which a handful count, so
/// the members are walked once, and only what counts is copied.
/// </summary>
static class DjiPropertyBodies
{
    public static DjiUp Read(JsonValue data)
    {
        if (data.Kind != JsonKind.Object)
            return new DjiOther();
        var fields = default(Fields);
        var json = new LenientJson(data.Raw);
        while (json.Next(out var name, out var value))
            fields.Field(name, value);
        return new DjiProperties
        {
            FirmwareVersion = fields.Firmware.Word(DjiUpReader.MaxId),
            Mode = fields.Mode.Small(),
            IsStopped = fields.Stop.Flag(),
            HasAircraft = fields.InDock.Flag(),
            WantsConsistency = fields.Compatible.Flag(),
            IsUpgrading = fields.Upgrade.Flag(),
            Battery = (fields.Battery.Kind == JsonKind.Object ? fields.Battery : fields.Charge).Field("capacity_percent"u8).Percent(),
            Aircraft = Aircraft(fields.SubDevice),
            Storage = Room(fields.Storage),
        };
    }

    static DjiPairedAircraft? Aircraft(JsonValue sub) => sub.Kind != JsonKind.Object ? null : new(
        sub.Field("device_sn"u8).Word(DjiTopics.MaxSn),
        sub.Field("device_model_key"u8).Word(DjiUpReader.MaxId),
        sub.Field("device_online_status"u8).Flag(),
        sub.Field("device_paired"u8).Flag());

    static DjiRoom? Room(JsonValue storage) =>
        storage.Field("total"u8).Amount() is { } total && storage.Field("used"u8).Amount() is { } used ? new(total, used) : null;

    ref struct Fields
    {
        public JsonValue Firmware, Mode, Stop, InDock, Compatible, Upgrade, Battery, Charge, SubDevice, Storage;

        public void Field(JsonValue name, JsonValue value)
        {
            if (name.Is("firmware_version"u8))
                Firmware = value;
            else if (name.Is("mode_code"u8))
                Mode = value;
            else if (name.Is("emergency_stop_state"u8))
                Stop = value;
            else if (name.Is("drone_in_dock"u8))
                InDock = value;
            else if (name.Is("compatible_status"u8))
                Compatible = value;
            else if (name.Is("firmware_upgrade_status"u8))
                Upgrade = value;
            else if (name.Is("battery"u8))
                Battery = value;
            else if (name.Is("drone_charge_state"u8))
                Charge = value;
            else if (name.Is("sub_device"u8))
                SubDevice = value;
            else if (name.Is("storage"u8))
                Storage = value;
        }
    }
}
