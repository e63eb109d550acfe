using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Waybill.Mqtt;
using Waybill.Mqtt.Codec;

namespace Waybill.Device;

/// <summary>Who a device of a Tencent product is, and how it proves it in CONNECT.</summary>
/// <param name="Product">Product id, ten characters.</param>
/// <param name="Device">Device name, at most 48 characters.</param>
/// <param name="Secret">Device secret in Base64, as the platform hands it out.</param>
/// <remarks>Source: Tencent Cloud IoT Hub, device identity authentication by key.</remarks>
public sealed record TencentIdentity(string Product, string Device, string Secret)
{
    const int ConnectionIdLength = 5;
    const string ConnectionIdLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>The MQTT client id: product and device name with nothing between them.</summary>
    public string ClientId => Product + Device;

    /// <summary>Which HMAC signs the password. The C and Python SDKs use SHA-1, Java and the vendor's pages SHA-256.</summary>
    public TencentHash Hash { get; init; } = TencentHash.Sha1;

    /// <summary>Up to when the signature is good, in Unix seconds. The default is what most SDKs send: a date that never comes.</summary>
    public long Expiry { get; init; } = int.MaxValue;

    /// <summary>The SDK's application id; the platform accepts any.</summary>
    public string AppId { get; init; } = "21010406";

    /// <summary>A user name for one connection: <c>clientId;appId;connectionId;expiry</c>.</summary>
    public string NewUserName()
    {
        var connection = RandomNumberGenerator.GetString(ConnectionIdLetters, ConnectionIdLength);
        return string.Create(CultureInfo.InvariantCulture, $"{ClientId};{AppId};{connection};{Expiry}");
    }

    /// <summary>The password that belongs to a user name: <c>hex(HMAC(secret, userName));hmacsha1</c> or <c>;hmacsha256</c>.</summary>
    /// <exception cref="FormatException"><see cref="Secret"/> is not Base64.</exception>
    public string Sign(string userName)
    {
        var key = Convert.FromBase64String(Secret);
        var text = Encoding.UTF8.GetBytes(userName);
        return Hash == TencentHash.Sha1
            ? Convert.ToHexStringLower(HMACSHA1.HashData(key, text)) + ";hmacsha1"
            : Convert.ToHexStringLower(HMACSHA256.HashData(key, text)) + ";hmacsha256";
    }

    /// <summary>A CONNECT packet with fresh credentials and a clean session, as the SDKs send it.</summary>
    /// <exception cref="FormatException"><see cref="Secret"/> is not Base64.</exception>
    public MqttConnect NewConnect(MqttVersion version, ushort keepAliveSeconds)
    {
        var user = NewUserName();
        return new()
        {
            Version = version,
            ClientId = ClientId,
            UserName = user,
            Password = Encoding.ASCII.GetBytes(Sign(user)),
            KeepAliveSeconds = keepAliveSeconds,
            CleanStart = true,
        };
    }
}

/// <summary>The HMACs a Tencent platform accepts.</summary>
public enum TencentHash
{
    /// <summary>HMAC-SHA1.</summary>
    Sha1,

    /// <summary>HMAC-SHA256.</summary>
    Sha256,
}
