namespace Waybill.Objects.Credentials.Issuers;

/// <summary>The issuers there are, by name, and what none of them hands out.</summary>
sealed class CredentialIssuers(IReadOnlyList<IssuerSettings> settings, Func<IssuerSettings, ICredentialIssuer> open) : IDisposable
{
    readonly Dictionary<string, (IssuerSettings Settings, Lazy<ICredentialIssuer> Issuer)> _all =
        settings.ToDictionary(s => s.Name, s => (s, new Lazy<ICredentialIssuer>(() => open(s))), StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<IssuerSettings> All => settings;

    /// <exception cref="RefusedException"><c>issuer_not_found</c>.</exception>
    public IssuerSettings Find(string name) => Get(name).Settings;

    /// <exception cref="RefusedException">With the remedy.</exception>
    public Task<IssuedCredentials> IssueAsync(string name, CredentialAsk ask, CancellationToken ct)
    {
        var (settings, issuer) = Get(name);
        if (!PrefixRule.IsPrefix(ask.Prefix))
            throw new RefusedException("prefix_refused", $"Credentials are for one prefix, which must have {PrefixRule.Allowed}.");
        if (ask.Actions == S3Actions.None || (ask.Actions & ~CredentialAsk.Possible) != S3Actions.None)
            throw new RefusedException("actions_refused", $"Credentials can be for {CredentialAsk.Possible}, and for some of it.");
        if (ask.Lifetime < CredentialAsk.Shortest || ask.Lifetime > settings.Longest)
            throw new RefusedException(
                "lifetime_refused",
                $"Credentials of '{settings.Name}' live from {CredentialAsk.Shortest} to {settings.Longest}: ask for such a time, or raise Waybill:S3:Issuers:{settings.Name}:Longest and what the role allows.");
        if (settings.Bucket is null && ask.Bucket is null)
            throw new RefusedException("bucket_refused", $"Issuer '{settings.Name}' has no bucket of its own: name one.");
        if (settings.Bucket is { } only && ask.Bucket is { } other && only != other)
            throw new RefusedException("bucket_refused", $"Issuer '{settings.Name}' is for the bucket '{only}' alone: leave the bucket out.");
        return issuer.Value.IssueAsync(ask with { Bucket = settings.Bucket ?? ask.Bucket }, ct);
    }

    public void Dispose()
    {
        foreach (var (_, issuer) in _all.Values.Where(i => i.Issuer.IsValueCreated))
            (issuer.Value as IDisposable)?.Dispose();
    }

    (IssuerSettings Settings, Lazy<ICredentialIssuer> Issuer) Get(string name) => _all.TryGetValue(name, out var found)
        ? found
        : throw new RefusedException("issuer_not_found", $"There is no issuer '{name}': there are {string.Join(", ", _all.Keys)}. Others are configured as Waybill:S3:Issuers:{{name}}.");
}
