namespace Waybill.Tracing;

/// <summary>
/// Names whose values nobody is shown, however they are spelt: those of the dialects (<c>access_key_secret</c>, <c>security_token</c>,
/// <c>resource_token</c>, <c>app_license</c>, <c>device_binding_code</c>), and what others call such things.
/// </summary>
static class SecretNames
{
    static readonly string[] s_parts =
    [
        "secret", "password", "passwd", "passphrase", "pwd", "token", "signature", "accesskey", "privatekey", "apikey", "appkey", "psk",
        "license", "licence", "authorization", "bindingcode", "cookie", "sessionkey",
    ];

    /// <summary>Numbers of messages, which answers repeat.</summary>
    static readonly string[] s_open = ["clienttoken"];

    public static bool Contain(ReadOnlySpan<char> name)
    {
        Span<char> letters = stackalloc char[64];
        var length = 0;
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c) && length < letters.Length)
                letters[length++] = char.ToLowerInvariant(c);
        }
        letters = letters[..length];
        foreach (var open in s_open)
        {
            if (letters.SequenceEqual(open))
                return false;
        }
        foreach (var part in s_parts)
        {
            if (letters.IndexOf(part) >= 0)
                return true;
        }
        return letters is "sign" or "sas" or "otp";
    }
}
