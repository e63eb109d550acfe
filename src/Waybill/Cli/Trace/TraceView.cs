using System.Globalization;
using System.Text;
using Spectre.Console;
using Waybill.Tracing;

namespace Waybill.Cli.Trace;

/// <summary>Lines for people: time, who speaks, what, and the rest in the order in which it is looked for.</summary>
static class TraceView
{
    const int WhatWidth = 11;

    public static void Write(TraceLine line, IAnsiConsole console)
    {
        var (time, side, what) = (line.At.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture), Side(line.Side), line.What.PadRight(WhatWidth));
        var rest = OneLine(Rest(line));
        // markup costs nothing where there are no colours, but lines must not be broken there
        console.MarkupLine($"[grey]{time}[/] [{Colour(line)}]{side} {Markup.Escape(what)}[/] {Markup.Escape(rest)}".TrimEnd());
    }

    /// <summary>All but time, side and kind.</summary>
    public static string Rest(TraceLine line)
    {
        var text = new StringBuilder();
        Add(text, line.Method);
        Add(text, line.Path);
        Add(text, line.Topic);
        Add(text, line.Filters is { } filters ? string.Join(", ", filters.Select(f => f.Qos is { } qos ? $"{f.Filter} (QoS {qos})" : f.Filter)) : null);
        Add(text, line.Granted is { } granted ? string.Join(", ", granted) : null);
        Add(text, line.Client);
        Add(text, line.User, "user ");
        Add(text, line.Version, "MQTT ");
        Add(text, line.KeepAlive is { } seconds ? $"{seconds} s" : null, "keep alive ");
        Add(text, line.Clean switch { true => "clean", false => "stays", null => null });
        Add(text, line.SessionPresent == true ? "session present" : null);
        Add(text, Number(line.Qos), "QoS ");
        Add(text, line.Dup == true ? "DUP" : null);
        Add(text, line.Retain == true ? "RETAIN" : null);
        Add(text, Number(line.PacketId), "#");
        Add(text, Number(line.Status));
        Add(text, line.Range);
        Add(text, line.BytesIn > 0 ? $"{line.BytesIn} B in" : null);
        Add(text, line.BytesOut > 0 ? $"{line.BytesOut} B out" : null);
        Add(text, line.Milliseconds is { } time ? $"{time} ms" : null);
        Add(text, line.BrokeOff == true ? "broke off" : null);
        Add(text, line.Address, "from ");
        Add(text, line.Reason is { } reason && line.Detail is { } why ? $"{reason}: {why}" : line.Reason ?? line.Detail);
        Add(text, line.Payload);
        Add(text, line.PayloadHex, "0x");
        Add(text, line.IsCut == true || line.PayloadHex is not null ? $"({line.PayloadBytes} B in all)" : null);
        return text.ToString();
    }

    static void Add(StringBuilder text, string? part, string before = "")
    {
        if (!string.IsNullOrEmpty(part))
            text.Append(text.Length > 0 ? "  " : "").Append(before).Append(part);
    }

    static string? Number(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    static string Side(TraceSide side) => side switch { TraceSide.In => "->", TraceSide.Out => "<-", _ => "--" };

    static string Colour(TraceLine line) => line switch
    {
        { What: "refused" or "lost" } or { BrokeOff: true } or { Status: >= 400 } => "red",
        { What: "CONNACK", Reason: not "success" } => "red",
        { Side: TraceSide.In } => "green",
        { Side: TraceSide.Out } => "cyan",
        _ => "yellow",
    };

    /// <summary>What a device says does not write on the terminal but in its line.</summary>
    static string OneLine(string text) => string.Create(text.Length, text, (line, from) =>
    {
        for (var i = 0; i < line.Length; i++)
            line[i] = char.IsControl(from[i]) ? ' ' : from[i];
    });
}
