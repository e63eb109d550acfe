using Waybill.Line;

namespace Waybill.Link;

/// <summary>One vendor protocol: translates between the wire and the domain, and decides nothing.</summary>
interface IDialect
{
    /// <summary>As products name it: <c>tencent-hub</c>.</summary>
    string Name { get; }

    /// <summary>What devices can be told to do.</summary>
    Commands Commands { get; }

    /// <summary>Whether a device takes commands only after it has said how it stands, on each connection anew.</summary>
    bool WaitsForReport { get; }

    /// <summary>Whether a message says that; only asked where a device <see cref="WaitsForReport"/>.</summary>
    bool IsReport(LineMessage message) => false;

    /// <summary>The device listens from now on, after a report anew: what the dialect itself has for it may go.</summary>
    void Listening(DeviceConnection connection)
    {
    }

    /// <summary>Whether the device at the other end speaks this dialect on the topic.</summary>
    bool Claims(ReadOnlySpan<byte> topic, DeviceConnection connection);

    /// <summary>The name of the device, or of its gateway, whose a topic or filter is, where the name alone says so; a window on <paramref name="topic"/>.</summary>
    bool TryOwner(ReadOnlySpan<byte> topic, out ReadOnlySpan<byte> name)
    {
        name = default;
        return false;
    }

    /// <summary>The topic on which a device of this name is told things.</summary>
    string DownTopic(DeviceIdentity device);

    /// <summary>Why devices can never be told of this file, as the end of a sentence; null when they can.</summary>
    string? Refusal(in CommandFile file);

    /// <summary>The message a device published on a topic that <see cref="Claims"/> accepts, or null for nonsense, which the dialect has counted and logged.</summary>
    LineMessage? Read(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, DeviceIdentity device);

    /// <summary>What is to be decided when a device comes in, before anything it says; null: nothing.</summary>
    LineMessage? Arrival(DeviceIdentity device) => null;

    /// <summary>Renders the reply that the decided message carries, if it has one, and delivers it.</summary>
    void Answer(LineMessage message, DeviceConnection connection);
}

/// <summary>Kinds of commands.</summary>
[Flags]
enum Commands
{
    None = 0,
    Download = 1,
    Removal = 2,
}

/// <summary>What a command would be about.</summary>
/// <param name="Name">As in the library.</param>
/// <param name="Version">As in the library.</param>
/// <param name="Type">As in the library.</param>
/// <param name="Size">Bytes; 0 for a removal.</param>
readonly record struct CommandFile(string Name, string Version, string Type, long Size);
