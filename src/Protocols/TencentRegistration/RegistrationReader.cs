using System.Security.Cryptography;
using System.Text;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.TencentRegistration;

/// <summary>Reads both forms without exceptions. What is wrong comes back as a few words that quote nothing of the request.</summary>
public static class RegistrationReader
{
    /// <summary>The longest body that is worth reading, in bytes: certificate builds add a certificate, which is ignored (R12).</summary>
    public const int MaxBody = 8 << 10;

    const int MaxName = 64;
    const int MaxTimestamp = 20;
    const int MaxNonce = 64;
    const int MaxSignature = 128;

    /// <summary>Reads the body of <see cref="RegistrationForm.Parameters"/>.</summary>
    /// <param name="body">JSON, whatever its content type says (R3).</param>
    /// <param name="fault">What is wrong; null when nothing is.</param>
    /// <returns>Null when something is wrong.</returns>
    public static RegistrationRequest? ReadParameters(ReadOnlySpan<byte> body, out string? fault)
    {
        var fields = Fields.Of(body, out fault);
        if (fault is not null || !Check(fields.Product, fields.Device, out fault) || !Check(fields.Timestamp, fields.Nonce, fields.Signature, out fault))
            return null;
        var signed = $"deviceName={fields.Device}&nonce={fields.Nonce}&productId={fields.Product}&timestamp={fields.Timestamp}";
        return new(RegistrationForm.Parameters, fields.Product!, fields.Device!, new(fields.Signature!, [signed], Sha256: false));
    }

    /// <summary>Reads body and headers of <see cref="RegistrationForm.Headers"/>.</summary>
    /// <param name="body">The body exactly as it came: it is signed.</param>
    /// <param name="headers">What stands beside it.</param>
    /// <param name="fault">What is wrong; null when nothing is.</param>
    /// <returns>Null when something is wrong.</returns>
    public static RegistrationRequest? ReadHeaders(ReadOnlySpan<byte> body, RegistrationHeaders headers, out string? fault)
    {
        var fields = Fields.Of(body, out fault);
        if (fault is not null || !Check(fields.Product, fields.Device, out fault) || !Check(headers.Timestamp, headers.Nonce, headers.Signature, out fault))
            return null;
        var sha256 = string.Equals(headers.Algorithm, "hmacsha256", StringComparison.OrdinalIgnoreCase);
        if (!sha256 && !string.Equals(headers.Algorithm, "hmacsha1", StringComparison.OrdinalIgnoreCase))
            fault = "X-TC-Algorithm is neither hmacsha1 nor hmacsha256";
        else if (headers.Host is not { Length: > 0 and <= 255 })
            fault = "there is no Host";
        if (fault is not null)
            return null;
        return new(RegistrationForm.Headers, fields.Product!, fields.Device!, new(headers.Signature!, [.. Signed(body, headers, sha256)], sha256));
    }

    /// <summary>The host stands in it with or without its port (R6); beside SHA-1 the pages hash the body with SHA-256 (R7).</summary>
    static IEnumerable<string> Signed(ReadOnlySpan<byte> body, RegistrationHeaders headers, bool sha256)
    {
        var hash256 = Convert.ToHexStringLower(SHA256.HashData(body));
        string[] hashes = sha256 ? [hash256] : [Convert.ToHexStringLower(SHA1.HashData(body)), hash256];
        var colon = headers.Host!.LastIndexOf(':');
        string[] hosts = colon > 0 ? [headers.Host, headers.Host[..colon]] : [headers.Host];
        return from host in hosts
               from hash in hashes
               select $"POST\n{host}\n{RegistrationPaths.Headers}\n\n{headers.Algorithm}\n{headers.Timestamp}\n{headers.Nonce}\n{hash}";
    }

    static bool Check(string? product, string? device, out string? fault)
    {
        fault = product is not { Length: > 0 and <= MaxName } ? "there is no product id"
            : device is not { Length: > 0 and <= MaxName } ? "there is no device name" : null;
        return fault is null;
    }

    /// <summary>The time is a number and no more is asked of it (R8), nor of the nonce (R9).</summary>
    static bool Check(string? timestamp, string? nonce, string? signature, out string? fault)
    {
        fault = !IsNumber(timestamp) ? "the timestamp is not a number"
            : nonce is not { Length: > 0 and <= MaxNonce } ? "there is no nonce"
            : signature is not { Length: > 0 and <= MaxSignature } ? "there is no signature" : null;
        return fault is null;
    }

    // a minus: C prints unsigned seconds as a signed number
    static bool IsNumber(string? text) =>
        text is { Length: > 0 and <= MaxTimestamp } && text.TrimStart('-') is { Length: > 0 } digits && digits.All(char.IsAsciiDigit);

    /// <summary>The fields of a body by either spelling (R4); null for what is absent or neither a text nor a number.</summary>
    sealed record Fields
    {
        public string? Product { get; private set; }
        public string? Device { get; private set; }
        public string? Timestamp { get; private set; }
        public string? Nonce { get; private set; }
        public string? Signature { get; private set; }

        public static Fields Of(ReadOnlySpan<byte> body, out string? fault)
        {
            var fields = new Fields();
            var json = new LenientJson(body);
            while (json.Next(out var name, out var value))
                fields.Take(name, value);
            fault = json.Fault is null ? null : $"the body {json.Fault}";
            return fields;
        }

        void Take(JsonValue name, JsonValue value)
        {
            if (name.Is("productId"u8) || name.Is("ProductId"u8))
                Product = Text(value);
            else if (name.Is("deviceName"u8) || name.Is("DeviceName"u8))
                Device = Text(value);
            else if (name.Is("timestamp"u8))
                Timestamp = Text(value);
            else if (name.Is("nonce"u8))
                Nonce = Text(value);
            else if (name.Is("signature"u8))
                Signature = Text(value);
        }

        static string? Text(JsonValue value)
        {
            Span<byte> buffer = stackalloc byte[MaxSignature];
            return value.Kind switch
            {
                JsonKind.Text when value.TryText(buffer, out var text) => Encoding.UTF8.GetString(text),
                JsonKind.Number when value.Raw.Length <= MaxSignature => Encoding.ASCII.GetString(value.Raw),
                _ => null,
            };
        }
    }
}
