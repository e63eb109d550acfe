using Waybill.Devices;

namespace Waybill.Api;

/// <summary>Decides who is calling, by the key or token they bring.</summary>
sealed class Callers(AdminKey admin)
{
    readonly Caller _admin = new("The admin key", admin.Id, Role.Owner.Allowed(), Scope.Everything);

    /// <exception cref="RefusedException">For strangers.</exception>
    public ValueTask<Caller> IdentifyAsync(HttpRequest request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var brought = request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header["Bearer ".Length..].Trim()
            : "";
        return admin.Is(brought) ? new(_admin) : throw new RefusedException("unauthorized", "Send 'Authorization: Bearer' with a key or an app token.");
    }
}
