namespace Waybill.S3.Signing;

/// <summary>Where a signing key is good: a day, a region and a service.</summary>
sealed record SigningScope(string Date, string Region, string Service)
{
    const string Terminator = "aws4_request";

    const int Longest = 64;

    public override string ToString() => $"{Date}/{Region}/{Service}/{Terminator}";

    /// <summary>Reads <c>{access key}/{date}/{region}/{service}/aws4_request</c>; null where it is no such thing.</summary>
    public static (string AccessKey, SigningScope Scope)? ReadCredential(string text)
    {
        var parts = text.Split('/');
        // an access key may hold slashes
        if (parts is not [_, .., var date, var region, var service, Terminator] || parts.Length < 5)
            return null;
        var accessKey = string.Join('/', parts[..^4]);
        return accessKey.Length is 0 or > 128 || date.Length != 8 || region.Length is 0 or > Longest || service.Length is 0 or > Longest
            ? null
            : (accessKey, new(date, region, service));
    }
}
