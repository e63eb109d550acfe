using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Waybill.Data;

namespace Waybill.Devices;

/// <summary>What an app token says: the key that made it, and for which devices of one product it allows what until when; and whose app it is, where its server said so.</summary>
sealed record AppToken(long KeyId, string Product, string[] Devices, Actions Actions, long ExpiresAt, string? User = null)
{
    public const int LongestUser = 64;

    /// <summary>
    /// Short, and the same in every token of the user: names of his files carry it. Who is not told apart has that of his devices.
    /// </summary>
    [JsonIgnore]
    public string UserId
    {
        get
        {
            var who = User is null ? $"devices\n{string.Join('\n', Devices.Order(StringComparer.Ordinal))}" : $"user\n{User}";
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Product}\n{who}")).AsSpan(0, 5));
        }
    }

    /// <summary>What an app may ever do.</summary>
    public const Actions Possible =
        Actions.DevicesRead | Actions.FilesRead | Actions.FilesWrite | Actions.TransfersRead | Actions.TransfersWrite | Actions.EventsRead;

    /// <summary>Whether some token opens what needs this: a device's files are its user's, bytes and all.</summary>
    public static bool Permits(Actions need) => Opened(Possible).HasFlag(need);

    /// <summary>What the actions of a token open.</summary>
    public static Actions Opened(Actions actions) => actions.HasFlag(Actions.FilesRead) ? actions | Actions.ContentRead : actions;
}

/// <summary>Short-lived tokens for apps on users' phones. They are not stored: they carry what they allow, sealed.</summary>
sealed class AppTokens(SealedText seal, TimeProvider clock)
{
    const string Prefix = "wbt_";

    public (string Text, AppToken Token) Mint(Caller by, Scope scope, Actions actions, TimeSpan lifetime, string? user = null)
    {
        var expires = (clock.GetUtcNow() + lifetime).ToUnixTimeMilliseconds();
        var token = new AppToken(by.KeyId, scope.Products!.Single(), [.. scope.Devices!], actions, expires, user);
        return (Prefix + seal.Write(JsonSerializer.SerializeToUtf8Bytes(token, DeviceJson.Default.AppToken)), token);
    }

    /// <summary>Null for what is no token of ours.</summary>
    public AppToken? Read(string text) => text.StartsWith(Prefix, StringComparison.Ordinal) && seal.Read(text.AsSpan(Prefix.Length)) is { } content
        ? JsonSerializer.Deserialize(content, DeviceJson.Default.AppToken)
        : null;

    /// <summary>What the token allows now. It allows nothing that its key could not hand out now.</summary>
    /// <exception cref="RefusedException"><c>token_expired</c>, <c>token_revoked</c>.</exception>
    public Caller Admit(AppToken token, Caller? minter)
    {
        if (token.ExpiresAt <= clock.GetUtcNow().ToUnixTimeMilliseconds())
            throw new RefusedException("token_expired", "The app token has expired: get a new one.");
        if (minter is null || !minter.Actions.HasFlag(Actions.TokensMint) || !minter.Scope.Covers(token.Product))
            throw new RefusedException("token_revoked", "The key that made this app token is gone, disabled, or may not do so any more.");
        var actions = AppToken.Opened(token.Actions & minter.Actions & AppToken.Possible);
        return new($"An app token of {minter.Name}", token.KeyId, actions, new([token.Product], token.Devices));
    }
}
