using System.Security.Cryptography;
using System.Text;

namespace Waybill.Api;

/// <summary>Who calls, and what they may do. There is one role yet.</summary>
sealed record Caller(string Name, CallerRole Role);

enum CallerRole
{
    Admin,
}

/// <summary>Decides who is calling, by the key they bring.</summary>
sealed class Callers(AdminKey admin)
{
    static readonly Caller s_admin = new("admin", CallerRole.Admin);

    readonly byte[] _admin = SHA256.HashData(Encoding.UTF8.GetBytes(admin.Value));

    /// <summary>Null for strangers.</summary>
    public Caller? Identify(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return null;
        var brought = SHA256.HashData(Encoding.UTF8.GetBytes(header["Bearer ".Length..].Trim()));
        return CryptographicOperations.FixedTimeEquals(brought, _admin) ? s_admin : null;
    }
}

static class CallerGate
{
    /// <summary>Strangers get nothing, not even "not found". Handlers find the caller among the request's features.</summary>
    public static void UseCallerGate(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.RequestServices.GetRequiredService<Callers>().Identify(http.Request) is not { } caller)
            return Problems.WriteAsync(http, Problems.New("unauthorized", "Send 'Authorization: Bearer <key>' with the admin key."));
        http.Features.Set(caller);
        return next(http);
    });
}
