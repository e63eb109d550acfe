using Waybill.Devices.Gateways;
using Waybill.Logs;
using Waybill.Upgrades;

namespace Waybill.Settings;

/// <summary>What concerns docks: <c>Waybill:Dji</c>, <c>Waybill:Logs</c>, <c>Waybill:Upgrades</c>.</summary>
static class DockReading
{
    public static GatewayDefaults Defaults(SettingsReader reader) => new()
    {
        AppId = reader.Text("Dji:AppId"),
        AppKey = reader.Text("Dji:AppKey"),
        AppLicense = reader.Text("Dji:AppLicense"),
        NtpHost = reader.Text("Dji:NtpHost"),
        NtpPort = reader.Has("Dji:NtpPort") ? (int)reader.Number("Dji:NtpPort", 0, 1, 65535, "a port: 1 to 65535") : null,
    };

    public static LogSettings Logs(SettingsReader reader)
    {
        var (defaults, least) = (new LogSettings(), TimeSpan.FromMilliseconds(100));
        return new()
        {
            Answer = reader.Time("Logs:Answer", defaults.Answer, least),
            Tries = (int)reader.Number("Logs:Tries", defaults.Tries, 1, 100, "a number from 1 to 100"),
            Again = reader.Time("Logs:Again", defaults.Again, least),
            Deadline = reader.Time("Logs:Deadline", defaults.Deadline, least),
            Job = reader.Time("Logs:Job", defaults.Job, least),
            Silence = reader.Time("Logs:Silence", defaults.Silence, least),
            Grace = reader.Time("Logs:Grace", defaults.Grace, least),
            Cancel = reader.Time("Logs:Cancel", defaults.Cancel, least),
            MostBoots = (int)reader.Number("Logs:MostBoots", defaults.MostBoots, 1, 10_000, "a number from 1 to 10000"),
        };
    }

    public static UpgradeSettings Upgrades(SettingsReader reader)
    {
        var (defaults, least) = (new UpgradeSettings(), TimeSpan.FromMilliseconds(100));
        return new()
        {
            Answer = reader.Time("Upgrades:Answer", defaults.Answer, least),
            Again = reader.Time("Upgrades:Again", defaults.Again, least),
            Deadline = reader.Time("Upgrades:Deadline", defaults.Deadline, least),
            Job = reader.Time("Upgrades:Job", defaults.Job, least),
            Silence = reader.Time("Upgrades:Silence", defaults.Silence, least),
            Grace = reader.Time("Upgrades:Grace", defaults.Grace, least),
        };
    }
}
