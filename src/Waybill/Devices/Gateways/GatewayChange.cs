namespace Waybill.Devices.Gateways;

/// <summary>What is to be set; null keeps what is, or takes it away where the product is replaced (but for secrets); empty, or 0, takes it away. Holds secrets.</summary>
sealed record GatewayChange
{
    public GatewayMode? Mode { get; init; }
    public string? AppId { get; init; }
    public string? AppKey { get; init; }
    public string? AppLicense { get; init; }
    public string? NtpHost { get; init; }
    public int? NtpPort { get; init; }
    public string? Issuer { get; init; }
    public string? Bucket { get; init; }

    public override string ToString() => nameof(GatewayChange);
}

/// <summary>A login of the whole product, as it is to be: null keeps, an empty user takes the login away. Holds a secret.</summary>
sealed record LoginChange(string? User, string? Password)
{
    public override string ToString() => nameof(LoginChange);
}

/// <summary>What gateways make of a product, as it is to be.</summary>
/// <param name="Settings">Null: nothing is said of them.</param>
/// <param name="Login">Likewise.</param>
sealed record GatewayWish(GatewayChange? Settings, LoginChange? Login)
{
    public static GatewayWish Nothing { get; } = new(null, null);
}
