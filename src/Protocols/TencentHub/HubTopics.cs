using System.Text.Unicode;

namespace Waybill.Protocols.TencentHub;

/// <summary>The two topics of a device: it publishes on one and subscribes the other.</summary>
public static class HubTopics
{
    static ReadOnlySpan<byte> UpHead => "$resource/up/service/"u8;

    static ReadOnlySpan<byte> DownHead => "$resource/down/service/"u8;

    /// <summary><c>$resource/up/service/{product}/{device}</c>.</summary>
    public static string Up(string product, string device) => $"$resource/up/service/{product}/{device}";

    /// <summary><c>$resource/down/service/{product}/{device}</c>.</summary>
    public static string Down(string product, string device) => $"$resource/down/service/{product}/{device}";

    /// <summary>Longest topic of the dialect in bytes: ten characters of product, 48 of device.</summary>
    public const int MaxLength = 96;

    /// <summary>Writes the down topic without allocating.</summary>
    /// <returns>The bytes written.</returns>
    public static int WriteDown(Span<byte> topic, string product, string device) =>
        Utf8.TryWrite(topic, $"$resource/down/service/{product}/{device}", out var length) ? length : 0;

    /// <summary>Takes a device's topic apart; the parts are windows on <paramref name="topic"/>.</summary>
    public static bool TryParseUp(ReadOnlySpan<byte> topic, out ReadOnlySpan<byte> product, out ReadOnlySpan<byte> device) =>
        ServiceTopics.TryParse(topic, UpHead, out product, out device);

    /// <summary>Takes a platform's topic apart; the parts are windows on <paramref name="topic"/>.</summary>
    public static bool TryParseDown(ReadOnlySpan<byte> topic, out ReadOnlySpan<byte> product, out ReadOnlySpan<byte> device) =>
        ServiceTopics.TryParse(topic, DownHead, out product, out device);
}
