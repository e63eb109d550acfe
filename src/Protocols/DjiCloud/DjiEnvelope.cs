namespace Waybill.Protocols.DjiCloud;

/// <summary>What surrounds <c>data</c> in every message of a device. Nothing here is sure to be there but the topic's serial number.</summary>
/// <param name="Tid">Of this exchange; a reply echoes it.</param>
/// <param name="Bid">Of the business action, over many exchanges; a reply echoes it.</param>
/// <param name="Method">Null in osd and state.</param>
/// <param name="NeedReply">An event or state that is sent again until it is answered.</param>
/// <param name="Timestamp">Unix milliseconds by the device's clock; never to be compared with another's.</param>
/// <param name="Gateway">As sent; the serial number of the topic counts.</param>
public sealed record DjiEnvelope(string? Tid, string? Bid, string? Method, bool NeedReply, long? Timestamp, string? Gateway)
{
    /// <summary>Whether an answer is due: to every request and status, and to what asks for one.</summary>
    public bool WantsAnswer(DjiTopicKind kind) => kind switch
    {
        DjiTopicKind.Requests or DjiTopicKind.Status => true,
        DjiTopicKind.Events or DjiTopicKind.State => NeedReply,
        _ => false,
    };

    /// <summary>The head of the answer: tid, bid and method come back as they were sent.</summary>
    /// <param name="sn">Of the topic.</param>
    /// <param name="now">Unix milliseconds.</param>
    public DjiHead Answer(string sn, long now) => new(Tid, Bid, Method, sn, now);
}

/// <summary>What surrounds <c>data</c> in a message to be written; what is null is not.</summary>
/// <param name="Tid">Fresh for each command, also for a repeated one; echoed in answers.</param>
/// <param name="Bid">Fresh for each action, kept when a command is repeated; echoed in answers.</param>
/// <param name="Method">Of the command, or as asked.</param>
/// <param name="Gateway">Serial number of the topic.</param>
/// <param name="Timestamp">Unix milliseconds.</param>
public sealed record DjiHead(string? Tid, string? Bid, string? Method, string Gateway, long Timestamp)
{
    /// <summary>Of a device's events and states alone: whether it wants an answer.</summary>
    public bool NeedReply { get; init; }
}
