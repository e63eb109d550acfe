using Waybill.Devices;

namespace Waybill.Api;

/// <summary>Decides who is calling, by the key or token they bring.</summary>
sealed class Callers(AdminKey admin, ApiKeyLogin keys, AppTokens tokens)
{
    readonly Caller _admin = new("The admin key", admin.Id, Role.Owner.Allowed(), Scope.Everything);

    /// <exception cref="RefusedException">For strangers.</exception>
    public async ValueTask<Caller> IdentifyAsync(HttpRequest request, CancellationToken ct)
    {
        var brought = request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header["Bearer ".Length..].Trim()
            : "";
        if (admin.Is(brought))
            return _admin;
        if (tokens.Read(brought) is { } token)
            return await AdmitAsync(token, ct);
        return await keys.AdmitAsync(brought, ct) ?? throw new RefusedException("unauthorized", "Send 'Authorization: Bearer' with a key or an app token.");
    }

    /// <exception cref="RefusedException"><c>token_expired</c>, <c>token_revoked</c>.</exception>
    public async ValueTask<Caller> AdmitAsync(AppToken token, CancellationToken ct) =>
        tokens.Admit(token, token.KeyId == admin.Id ? _admin : await keys.FindAsync(token.KeyId, ct));
}
