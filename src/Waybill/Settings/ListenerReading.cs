using System.Net;

namespace Waybill.Settings;

/// <summary><c>Waybill:Listeners</c>; without it one listener on <c>Http:Port</c> does everything.</summary>
static class ListenerReading
{
    public static IReadOnlyList<ListenerSettings> Read(SettingsReader reader, bool hasCertificate)
    {
        var port = reader.Port("Http:Port", 8080);
        if (!reader.Has("Listeners"))
            return [new("http", IPAddress.IPv6Any, port, Tls: false, ListenerRoles.Devices | ListenerRoles.Api)];
        if (reader.Text("Http:Port") is { } given)
            reader.Mistake("Http:Port", given, "absent when Waybill:Listeners is there: each listener has its Port");
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
        var text = reader.Text(key);
        if (text is null)
            reader.Mistake(key, null, "is missing: devices, api or devices,api");
        var roles = ListenerRoles.None;
        foreach (var word in text?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            if (word.Equals("s3", StringComparison.OrdinalIgnoreCase))
                reader.Mistake(key, text, "devices, api or devices,api: the S3 endpoint is not offered yet");
            else if (Enum.TryParse<ListenerRoles>(word, ignoreCase: true, out var role) && role is ListenerRoles.Devices or ListenerRoles.Api)
                roles |= role;
            else
                reader.Mistake(key, text, "devices, api or devices,api");
        }
        return roles;
    }
}
