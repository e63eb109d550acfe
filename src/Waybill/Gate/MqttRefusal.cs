using System.Net;
using Waybill.Devices;

namespace Waybill.Gate;

/// <summary>What was refused.</summary>
enum RefusedAct
{
    Connect,
    Publish,
    Subscribe,
}

/// <summary>A client that was refused, and why. Never what it signed in with.</summary>
sealed record MqttRefusal(string Client, RefusedAct Act, string Reason, string Detail)
{
    const int LongestClient = 128;
    const int LongestTopic = 256;

    /// <summary>Grows with every refusal.</summary>
    public long Number { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long At { get; init; }

    public IPAddress? Address { get; init; }

    /// <summary>Which device it says to be, registered or not; null where it does not say so in a Tencent SDK's words.</summary>
    public string? Product { get; init; }

    public string? Device { get; init; }

    /// <summary>The account, serial number or login it says to be; null where the user name is a Tencent SDK's.</summary>
    public string? User { get; init; }

    public string? Topic { get; init; }

    public bool IsOf(string? client, string? product, string? device) =>
        (client is null || Cut(client, LongestClient) == Client) && (product is null || product == Product) && (device is null || device == Device || device == User);

    /// <param name="client">Client id.</param>
    /// <param name="user">User name, if there is one.</param>
    /// <param name="refused">With the reason.</param>
    public static MqttRefusal OfConnect(string client, string? user, RefusedException refused)
    {
        var refusal = new MqttRefusal(Cut(client, LongestClient), RefusedAct.Connect, refused.Code, refused.Message);
        if (user is not null && MqttAccount.IsName(user))
            return refusal with { User = user };
        return client.Length > TencentCredentials.ProductLength && RegistryNames.IsProduct(client[..TencentCredentials.ProductLength], [])
            && RegistryNames.IsDevice(client[TencentCredentials.ProductLength..])
            ? refusal with { Product = client[..TencentCredentials.ProductLength], Device = client[TencentCredentials.ProductLength..] }
            : refusal;
    }

    public static MqttRefusal OfTopic(string client, RefusedAct act, string topic) =>
        new(Cut(client, LongestClient), act, "topic_not_allowed", act == RefusedAct.Publish ? "it may not publish on this topic" : "it may not subscribe this filter")
        {
            Topic = Cut(topic, LongestTopic),
        };

    static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
