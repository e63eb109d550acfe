using System.Buffers;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>
/// Writes what the platform answers: tid, bid and method as asked, then timestamp, gateway and <c>data</c>. False, and the output as it
/// was, for what does not fit, is not Unicode, or what no device could use.
/// </summary>
public static class DjiAnswers
{
    /// <summary>Longest answer, in bytes.</summary>
    public const int MaxPayload = 16 * 1024;

    /// <summary>Writes one answer.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="head">From <see cref="DjiEnvelope.Answer"/>.</param>
    /// <param name="answer">What to say.</param>
    public static bool TryWrite(IBufferWriter<byte> output, DjiHead head, DjiAnswer answer)
    {
        if (answer is DjiMediaStorage { Storage: var storage } && storage.Refusal() is not null)
            return false;
        var json = new CompactJson(output.GetSpan(MaxPayload)[..MaxPayload]);
        json.Head(head);
        json.Raw("{"u8);
        if (answer is DjiConfig config)
            Config(ref json, config);
        else
            Result(ref json, head, answer);
        json.Raw("}}"u8);
        return json.TryCommit(output);
    }

    static void Config(ref CompactJson json, DjiConfig config)
    {
        json.Member("ntp_server_host"u8, config.NtpHost);
        json.Member("ntp_server_port"u8, config.NtpPort);
        json.Member("app_id"u8, config.AppId);
        json.Member("app_key"u8, config.AppKey);
        json.Member("app_license"u8, config.AppLicense);
    }

    static void Result(ref CompactJson json, DjiHead head, DjiAnswer answer)
    {
        json.Member("result"u8, answer is DjiResult(var code) ? code : 0);
        if (answer is DjiResult)
            return;
        json.Raw(",\"output\":{"u8);
        switch (answer)
        {
            case DjiBindStatus(var devices):
                json.Raw("\"bind_status\":["u8);
                foreach (var device in devices)
                    Bound(ref json, device);
                json.Raw("]"u8);
                break;
            case DjiOrganization organization:
                json.Member("organization_name"u8, organization.Name);
                break;
            case DjiBindOutcome(var devices):
                json.Raw("\"err_infos\":["u8);
                foreach (var device in devices)
                    Outcome(ref json, device);
                json.Raw("]"u8);
                break;
            case DjiMediaStorage(var storage, var prefix):
                json.Storage(storage, (storage.Credentials.ExpiresAt - head.Timestamp) / 1000);
                json.Member("object_key_prefix"u8, prefix);
                break;
        }
        json.Raw("}"u8);
    }

    static void Bound(ref CompactJson json, DjiBound device)
    {
        json.Next("{"u8);
        json.Member("sn"u8, device.Sn);
        json.Raw(device.Organization is null ? ",\"is_device_bind_organization\":false"u8 : ",\"is_device_bind_organization\":true"u8);
        json.Member("organization_id"u8, device.Organization?.Id ?? "");
        json.Member("organization_name"u8, device.Organization?.Name ?? "");
        json.Member("device_callsign"u8, device.Callsign);
        json.Raw("}"u8);
    }

    static void Outcome(ref CompactJson json, DjiBindCode device)
    {
        json.Next("{"u8);
        json.Member("sn"u8, device.Sn);
        json.Member("err_code"u8, device.Code);
        json.Raw("}"u8);
    }
}
