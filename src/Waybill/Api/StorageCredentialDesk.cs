using Waybill.Devices;
using Waybill.Objects.Credentials;
using Waybill.Objects.Credentials.Issuers;
using Waybill.S3.Rows;

namespace Waybill.Api;

/// <summary>Who gets temporary credentials for a device, and for which prefixes.</summary>
sealed partial class StorageCredentialDesk(
    DevicePlaces places, CredentialIssuers issuers, Buckets buckets, ILogger<StorageCredentialDesk> logger)
{
    public async Task<StorageCredentialAnswer> IssueAsync(HttpContext http, string product, string device, StorageCredentialBody body)
    {
        var (caller, ct) = (http.Caller(), http.RequestAborted);
        await DemandEnabledAsync(product, device, ct);
        CheckReach(caller, body, $"{product}/{device}");
        var name = body.Issuer ?? IssuerSettings.Ours;
        await CheckBucketAsync(issuers.Find(name), body.Bucket, ct);
        var ask = new CredentialAsk(body.Bucket, body.Prefix!, body.Wanted, TimeSpan.FromSeconds(body.ExpiresIn ?? StorageCredentialBody.UsualLife))
        {
            Device = $"{product}/{device}",
            Job = body.Job,
            Host = http.Request.Host.Host,
        };
        var issued = await issuers.IssueAsync(name, ask, ct);
        // disabled meanwhile: that revoked what was handed out before, and this is not handed out
        await DemandEnabledAsync(product, device, ct);
        LogIssued(logger, caller.Name, ask.Device, ask.Actions, issued.Bucket, issued.Prefix);
        return StorageCredentialAnswer.Of(issuers.Find(name).Name, issued);
    }

    async Task DemandEnabledAsync(string product, string device, CancellationToken ct)
    {
        var (owner, found) = await places.FindAsync(product, device, ct);
        if (owner.DisabledAt is not null)
            throw new RefusedException("product_disabled", $"Product '{product}' is disabled: its devices get no credentials.");
        if (found.DisabledAt is not null)
            throw new RefusedException("device_disabled", $"Device '{device}' is disabled: it gets no credentials.");
    }

    /// <summary>Buckets are not of products: whoever is limited to some gets no further than what is named after the device.</summary>
    static void CheckReach(Caller caller, StorageCredentialBody body, string device)
    {
        if (!caller.Scope.IsEverything && !body.Prefix!.StartsWith(device + "/", StringComparison.Ordinal))
            throw new RefusedException("not_allowed", $"A key for some products gets credentials below the prefix {device}/ and for no other.");
        if (body.Wanted.HasFlag(S3Actions.GetObject) && !caller.Actions.HasFlag(Actions.ContentRead))
            throw new RefusedException("not_allowed", $"To hand out 'read' needs the action {ActionWords.Of(Actions.ContentRead)[0]}, which your key does not have.");
    }

    async Task CheckBucketAsync(IssuerSettings issuer, string? asked, CancellationToken ct)
    {
        if (issuer.Kind == StorageKind.Ours && (issuer.Bucket ?? asked) is { } name && await buckets.FindAsync(name, ct) is null)
            throw new RefusedException("bucket_not_found", $"There is no bucket '{name}': make it first.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Caller} made storage credentials for {Device}: {Granted} on {Bucket}/{Prefix}")]
    static partial void LogIssued(ILogger logger, string caller, string device, S3Actions granted, string bucket, string prefix);
}
