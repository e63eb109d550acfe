namespace Waybill.Devices;

/// <summary>Whether a program may use the API, and what it may then do. Nothing is cached: what the registry says now is what counts.</summary>
sealed class ApiKeyLogin(ApiKeys keys, ApiKeyUse use, TimeProvider clock)
{
    /// <returns>Null for what is no key.</returns>
    /// <exception cref="RefusedException"><c>key_disabled</c>.</exception>
    public async ValueTask<Caller?> AdmitAsync(string text, CancellationToken ct)
    {
        if (!ApiKeyText.TryRead(text, out var id) || await keys.FindAsync(id, ct) is not { } key)
            return null;
        var previous = key.PreviousUntil > clock.GetUtcNow().ToUnixTimeMilliseconds() ? key.PreviousHash : null;
        if (!ApiKeyText.Fits(text, key.Hash) && !ApiKeyText.Fits(text, previous))
            return null;
        if (key.DisabledAt is not null)
            throw new RefusedException("key_disabled", "This key is disabled.");
        use.Note(id);
        return key.Caller;
    }

    /// <summary>The key of this id as a caller, for what it made; null when it is gone or disabled.</summary>
    public async ValueTask<Caller?> FindAsync(long id, CancellationToken ct) =>
        await keys.FindAsync(id, ct) is { DisabledAt: null } key ? key.Caller : null;
}
