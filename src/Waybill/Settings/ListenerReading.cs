using System.Net;

namespace Waybill.Settings;

/// <summary><c>Waybill:Listeners</c>; without it one listener on <c>Http:Port</c> does everything but S3, which has its own on <c>S3:Port</c>.</summary>
static class ListenerReading
{
    public static IReadOnlyList<ListenerSettings> Read(SettingsReader reader, bool hasCertificate)
    {
        var (port, s3) = (reader.Port("Http:Port", 8080), reader.Port("S3:Port", 9000));
        if (!reader.Has("Listeners"))
            return
            [
                new("http", IPAddress.IPv6Any, port, Tls: false, ListenerRoles.Devices | ListenerRoles.Api),
                new("s3", IPAddress.IPv6Any, s3, Tls: false, ListenerRoles.S3),
            ];
        foreach (var key in (string[])["Http:Port", "S3:Port"])
        {
            if (reader.Text(key) is { } given)
                reader.Mistake(key, given, "absent when Waybill:Listeners is there: each listener has its Port");
        }
        var listeners = reader.Below("Listeners").Select(name => One(reader, name)).ToList();
        foreach (var listener in listeners.Where(l => l.Tls && !hasCertificate))
            reader.Mistake($"Listeners:{listener.Name}:Tls", "true", "false, or Waybill:Tls:Certificate and Waybill:Tls:Key given");
        foreach (var twice in listeners.Where(l => l.Port != 0).GroupBy(l => (l.Address, l.Port)).Where(g => g.Count() > 1))
            reader.Mistake($"Listeners:{twice.Last().Name}:Port", $"{twice.Key.Port}", $"another port than that of Waybill:Listeners:{twice.First().Name}");
        return listeners;
    }

    static ListenerSettings One(SettingsReader reader, string name)
    {
        var key = $"Listeners:{name}";
        var port = reader.Port($"{key}:Port", -1);
        if (port < 0 && reader.Text($"{key}:Port") is null)
            reader.Mistake($"{key}:Port", null, "is missing: give each listener a port");
        return new(name, reader.Address($"{key}:Address"), Math.Max(port, 0), reader.Flag($"{key}:Tls", false), Roles(reader, $"{key}:Roles"));
    }

    static ListenerRoles Roles(SettingsReader reader, string key)
    {
        const string Allowed = "devices, api or devices,api; or s3, alone";
        var text = reader.Text(key);
        if (text is null)
            reader.Mistake(key, null, "is missing: " + Allowed);
        var roles = ListenerRoles.None;
        foreach (var word in text?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            if (Enum.TryParse<ListenerRoles>(word, ignoreCase: true, out var role) && role is ListenerRoles.Devices or ListenerRoles.Api or ListenerRoles.S3)
                roles |= role;
            else
                reader.Mistake(key, text, Allowed);
        }
        if (roles.HasFlag(ListenerRoles.S3) && roles != ListenerRoles.S3)
            reader.Mistake(key, text, Allowed);
        return roles;
    }
}
