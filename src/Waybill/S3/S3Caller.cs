using Waybill.Quotas;

namespace Waybill.S3;

/// <summary>Who signed a request, what it may do, and the body it signed.</summary>
sealed record S3Caller(string Name, S3Rights May, S3Payload Payload)
{
    /// <summary>The device whose temporary credentials signed it, as <c>product/device</c>.</summary>
    public string? Device { get; init; }

    public ObjectPutter Putter => new(Device ?? Name, Device);
}

/// <summary>Whether the action of the name that AWS gives it is allowed on a bucket and key, or on the keys under a prefix when it lists.</summary>
delegate bool S3Rights(string action, string bucket, string key);

/// <summary>Finds out who calls, or refuses.</summary>
delegate ValueTask<S3Caller> S3Authentication(HttpContext http, S3Address address);
