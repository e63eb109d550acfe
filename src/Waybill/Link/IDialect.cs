using Waybill.Line;

namespace Waybill.Link;

/// <summary>One vendor protocol: translates between the wire and the domain, and decides nothing.</summary>
interface IDialect
{
    /// <summary>As products name it: <c>tencent-hub</c>.</summary>
    string Name { get; }

    /// <summary>Whether devices can be told to delete a file.</summary>
    bool HasRemovals { get; }

    /// <summary>Whether a device takes commands only after it has said what it holds, on each connection anew.</summary>
    bool WaitsForReport { get; }

    /// <summary>Whether a device of this name speaks this dialect on the topic.</summary>
    bool Claims(ReadOnlySpan<byte> topic, DeviceIdentity device);

    /// <summary>The message a device published, or null for nonsense, which the dialect has counted and logged.</summary>
    LineMessage? Read(ReadOnlySpan<byte> payload, DeviceIdentity device);

    /// <summary>Renders the reply that the decided message carries, if it has one, and delivers it.</summary>
    void Answer(LineMessage message, DeviceConnection connection);
}
