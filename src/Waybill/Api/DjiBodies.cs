using Waybill.Devices;
using Waybill.Devices.Gateways;
using Waybill.S3;

namespace Waybill.Api;

/// <summary>What docks of a product are answered with. Key and license are never shown again.</summary>
sealed record DjiBody
{
    const string TextRule = "at most 200 characters without control characters; empty takes it away";
    const string LicenseRule = "at most 4000 characters without control characters; empty takes it away";
    const string HostRule = "a host name or an address; empty takes it away";

    /// <summary><c>owner</c>, or <c>beside</c> another server on the same broker.</summary>
    public string? Mode { get; init; }

    public string? AppId { get; init; }
    public string? AppKey { get; init; }
    public string? AppLicense { get; init; }
    public string? NtpHost { get; init; }

    /// <summary>0 takes it away.</summary>
    public int? NtpPort { get; init; }

    public DjiStorageBody? Storage { get; init; }

    public GatewayChange AsChange() => new()
    {
        Mode = Mode is null ? null : GatewayModeNames.Of(Mode),
        AppId = AppId,
        AppKey = AppKey,
        AppLicense = AppLicense,
        NtpHost = NtpHost,
        NtpPort = NtpPort,
        Issuer = Storage?.Issuer,
        Bucket = Storage?.Bucket,
    };

    /// <param name="body">Absent: nothing to check.</param>
    /// <param name="mistakes">Where they are collected.</param>
    public static Mistakes Check(DjiBody? body, Mistakes mistakes) => body is null ? mistakes : mistakes
        .May("dji.mode", body.Mode, GatewayModeNames.IsKnown, GatewayModeNames.Allowed)
        .May("dji.appId", body.AppId, IsShort, TextRule)
        .May("dji.appKey", body.AppKey, IsShort, TextRule)
        .May("dji.appLicense", body.AppLicense, t => t.Length <= 4000 && IsText(t), LicenseRule)
        .May("dji.ntpHost", body.NtpHost, h => h.Length == 0 || Uri.CheckHostName(h) != UriHostNameType.Unknown, HostRule)
        .Need("dji.ntpPort", body.NtpPort is null or >= 0 and <= 65535, "0 to 65535")
        .May("dji.storage.bucket", body.Storage?.Bucket, b => b.Length == 0 || S3Address.IsBucketName(b), StorageRight.BucketRule);

    static bool IsShort(string text) => text.Length <= 200 && IsText(text);

    static bool IsText(string text) => text.Length == 0 || (!text.Any(char.IsControl) && !text.EnumerateRunes().Contains(System.Text.Rune.ReplacementChar));
}

/// <summary>Where docks upload to; empty takes it away.</summary>
/// <param name="Issuer">One of those the server has; absent: this server's own storage.</param>
/// <param name="Bucket">Absent: the issuer's, or <c>dji</c>.</param>
sealed record DjiStorageBody(string? Issuer, string? Bucket);

/// <summary>A login for all gateways of a product; an empty user takes it away. The password is never shown.</summary>
sealed record LoginBody(string? User, string? Password)
{
    const string UserRule = "1 to 64 characters of A-Z, a-z, 0-9, _ - . and @";

    public LoginChange AsChange() => new(User, Password);

    public static Mistakes Check(LoginBody? body, Mistakes mistakes) => body is null ? mistakes : mistakes
        .May("login.user", body.User, u => u.Length == 0 || MqttAccount.IsName(u), UserRule)
        .May("login.password", body.Password, DeviceSecret.IsText, DeviceSecret.AllowedText);
}

/// <summary>What docks are answered with; of secrets only whether they are set.</summary>
sealed record DjiView(string Mode, string? AppId, bool AppKeySet, bool AppLicenseSet, DjiStorageBody Storage)
{
    public required string? NtpHost { get; init; }
    public required int? NtpPort { get; init; }

    /// <summary>Null where the dialect is not the product's.</summary>
    public static DjiView? Of(Product p) => !p.IsDji ? null : new(GatewayModeNames.Name(p.GatewayMode), p.AppId, p.HasAppKey, p.HasAppLicense, new(p.Issuer, p.Bucket))
    {
        NtpHost = p.NtpHost,
        NtpPort = p.NtpPort,
    };
}

/// <summary>A login has a password, which is not shown.</summary>
sealed record LoginView(string User, bool PasswordSet)
{
    public static LoginView? Of(Product p) => p is { IsDji: true, LoginUser: { } user } ? new(user, true) : null;
}

/// <summary>Settings that are for docks, against the product and the server that they are for.</summary>
static class DjiRules
{
    const string OnlyDji = "absent: it is for products with the dialect " + DialectNames.Dji;

    public static Mistakes Check(Mistakes mistakes, IReadOnlyList<string> dialects, DjiBody? dji, LoginBody? login)
    {
        var isDji = dialects.Contains(DialectNames.Dji, StringComparer.Ordinal);
        return mistakes.Need("dji", isDji || dji is null, OnlyDji).Need("login", isDji || login is null, OnlyDji);
    }

    public static Mistakes Check(Mistakes mistakes, DjiStorageBody? storage, IReadOnlyList<string> issuers) => mistakes.May(
        "dji.storage.issuer",
        storage?.Issuer,
        i => i.Length == 0 || issuers.Contains(i, StringComparer.OrdinalIgnoreCase),
        $"one of {string.Join(", ", issuers)}, or another that is configured as Waybill:S3:Issuers:{{name}}");

    /// <exception cref="InvalidRequestException">The product has no docks.</exception>
    public static Product Demand(Product product)
    {
        new Mistakes().Need("product", product.IsDji, $"one with the dialect {DialectNames.Dji}").ThrowIfAny();
        return product;
    }
}
