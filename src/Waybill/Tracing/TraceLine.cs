using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Waybill.Tracing;

/// <summary>Who speaks.</summary>
[JsonConverter(typeof(TraceSideConverter))]
enum TraceSide
{
    /// <summary>The device.</summary>
    In,

    /// <summary>The server, to the device.</summary>
    Out,

    /// <summary>The server, of what happens.</summary>
    Note,
}

/// <summary>One line of a trace. What its kind does not have is left out; nothing in it is a secret.</summary>
/// <param name="At">UTC.</param>
/// <param name="Side">Who speaks.</param>
/// <param name="What">An MQTT packet as the standard writes it, <c>HTTP</c>, or in small letters what happened.</param>
sealed record TraceLine(DateTime At, TraceSide Side, string What)
{
    /// <summary>A stable word.</summary>
    public string? Reason { get; init; }

    /// <summary>For people.</summary>
    public string? Detail { get; init; }

    public string? Client { get; init; }

    /// <summary>Without what was signed.</summary>
    public string? User { get; init; }

    public string? Version { get; init; }
    public int? KeepAlive { get; init; }
    public bool? Clean { get; init; }
    public bool? SessionPresent { get; init; }
    public string? Address { get; init; }
    public int? PacketId { get; init; }
    public string? Topic { get; init; }
    public int? Qos { get; init; }
    public bool? Dup { get; init; }
    public bool? Retain { get; init; }

    /// <summary>Of SUBSCRIBE and UNSUBSCRIBE.</summary>
    public IReadOnlyList<TracedFilter>? Filters { get; init; }

    /// <summary>Of SUBACK and UNSUBACK, one for each filter: the QoS that was granted, or why not.</summary>
    public IReadOnlyList<string>? Granted { get; init; }

    /// <summary>The beginning of a payload that is text, without its secrets.</summary>
    public string? Payload { get; init; }

    /// <summary>The beginning of one that is not.</summary>
    public string? PayloadHex { get; init; }

    /// <summary>Of the whole payload.</summary>
    public int? PayloadBytes { get; init; }

    /// <summary>There is more of the payload than is shown.</summary>
    public bool? IsCut { get; init; }

    public string? Method { get; init; }
    public string? Path { get; init; }
    public string? Range { get; init; }
    public int? Status { get; init; }

    /// <summary>Bytes of the request's body that came.</summary>
    public long? BytesIn { get; init; }

    /// <summary>Bytes of the answer's body that went.</summary>
    public long? BytesOut { get; init; }

    public long? Milliseconds { get; init; }

    /// <summary>The connection ended within the request or its answer.</summary>
    public bool? BrokeOff { get; init; }

    /// <summary>Lines that are missing here: the reader was too slow.</summary>
    public long? Lost { get; init; }
}

/// <summary>A filter, and with SUBSCRIBE the QoS that is asked for.</summary>
sealed record TracedFilter(string Filter, int? Qos);

/// <summary>Lines as they are streamed: without what they do not have.</summary>
[JsonSerializable(typeof(TraceLine))]
sealed partial class TraceJson : JsonSerializerContext
{
    /// <summary>Texts are escaped no more than JSON asks for.</summary>
    public static TraceJson Wire { get; } = new(new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

sealed class TraceSideConverter() : JsonStringEnumConverter<TraceSide>(JsonNamingPolicy.CamelCase);
