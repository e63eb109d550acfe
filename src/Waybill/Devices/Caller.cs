namespace Waybill.Devices;

/// <summary>Who calls the API, with a key or an app token: what is allowed, and to what.</summary>
/// <param name="Name">For the log.</param>
/// <param name="KeyId">The key that was brought, or that made the token.</param>
/// <param name="Actions">What may be done.</param>
/// <param name="Scope">To what.</param>
sealed record Caller(string Name, long KeyId, Actions Actions, Scope Scope)
{
    public bool IsToken => Scope.Devices is not null;

    /// <summary>One for all calls of a key, and one for all tokens a key made for the same devices.</summary>
    public string Identity => Scope.Devices is { } devices ? $"{KeyId}/{string.Join('/', Scope.Products!)}/{string.Join('/', devices.Order(StringComparer.Ordinal))}" : $"{KeyId}";
}
