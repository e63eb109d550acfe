using System.Net;

namespace Waybill.Gate;

/// <summary>What was refused.</summary>
enum RefusedAct
{
    Connect,
    Publish,
    Subscribe,
}

/// <summary>A client that was refused, and why. Never what it signed in with.</summary>
sealed record MqttRefusal(string Client, Claim Claim, RefusedAct Act, string Reason, string Detail)
{
    const int LongestClient = 128;
    const int LongestTopic = 256;

    /// <summary>Grows with every refusal.</summary>
    public long Number { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long At { get; init; }

    public IPAddress? Address { get; init; }

    public string? Topic { get; init; }

    /// <summary>Whose refusals are kept together: those of the device, or of the name that nobody has, and else of the client id.</summary>
    public string Claimant => Claim switch
    {
        { Device: { } device } => $"{Claim.Product}/{device}",
        { IsOfNobody: true } => $"/{Claim.User}",
        // no product has a space
        _ => $"client {Client}",
    };

    /// <summary>A name that nobody has may be that of a device which is to be in any product.</summary>
    public bool IsOf(string? client, string? product, string? device) =>
        (client is null || Cut(client, LongestClient) == Client) && (device is null || device == Claim.Device || device == Claim.User)
        && (product is null || product == Claim.Product || (device is not null && Claim.IsOfNobody));

    /// <param name="client">Client id.</param>
    /// <param name="claim">Who it says to be.</param>
    /// <param name="refused">With the reason.</param>
    public static MqttRefusal OfConnect(string client, Claim claim, RefusedException refused) =>
        new(Cut(client, LongestClient), claim, RefusedAct.Connect, refused.Code, refused.Message);

    public static MqttRefusal OfTopic(string client, Claim claim, RefusedAct act, string topic) =>
        new(Cut(client, LongestClient), claim, act, "topic_not_allowed", act == RefusedAct.Publish ? "it may not publish on this topic" : "it may not subscribe this filter")
        {
            Topic = Cut(topic, LongestTopic),
        };

    static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
