using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Waybill.Mqtt;
using Waybill.Mqtt.Codec;

namespace Waybill.Tests.Stories;

/// <summary>What a device with the vendor's SDK puts into CONNECT.</summary>
sealed record TencentLogin(string ClientId, string UserName, string Password)
{
    /// <summary>The secret that <see cref="House.DeviceAsync"/> gives.</summary>
    public const string Secret = "MDEyMzQ1Njc4OWFiY2RlZg==";

    public static TencentLogin Of(string product, string device, string secret = Secret, long expiry = int.MaxValue, bool sha256 = false)
    {
        var clientId = product + device;
        var user = string.Create(CultureInfo.InvariantCulture, $"{clientId};12010126;y3HZ3;{expiry}");
        var (key, text) = (Convert.FromBase64String(secret), Encoding.UTF8.GetBytes(user));
        var mac = Convert.ToHexStringLower(sha256 ? HMACSHA256.HashData(key, text) : HMACSHA1.HashData(key, text));
        return new(clientId, user, mac + (sha256 ? ";hmacsha256" : ";hmacsha1"));
    }

    public MqttConnect Connect(MqttVersion version) => new()
    {
        Version = version,
        ClientId = ClientId,
        UserName = UserName,
        Password = Encoding.ASCII.GetBytes(Password),
        KeepAliveSeconds = 120,
    };
}
