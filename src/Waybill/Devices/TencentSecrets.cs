using System.Globalization;
using System.Security.Cryptography;
using Waybill.Data;

namespace Waybill.Devices;

/// <summary>A key by which a request of Tencent's cloud SDKs may be signed. Holds the secret: not to be logged.</summary>
sealed record TencentPair(ApiKey Key, string Secret)
{
    public override string ToString() => nameof(TencentPair);
}

/// <summary>
/// What Tencent's cloud SDKs sign with: an id, which names a key of the API, and a secret. That is kept sealed in the key's row,
/// since an HMAC is checked with the secret itself.
/// </summary>
sealed class TencentSecrets(Database database, ApiKeys keys, ApiKeyUse use, [FromKeyedServices(SealedText.Secrets)] SealedText seal, TimeProvider clock)
{
    const string Prefix = "wbs_";
    const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const int Length = 40;

    public static string IdOf(long keyId) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{keyId}");

    /// <summary>A new secret, at once in the place of the one before.</summary>
    public async Task<(string Id, string Secret)> MakeAsync(string name, CancellationToken ct)
    {
        var secret = RandomNumberGenerator.GetString(Letters, Length);
        var id = await SetAsync(name, seal.Write(System.Text.Encoding.ASCII.GetBytes(secret)), ct);
        return (IdOf(id), secret);
    }

    public Task RemoveAsync(string name, CancellationToken ct) => SetAsync(name, null, ct);

    /// <summary>Null for what is no id, and where the key is gone, disabled or has no secret.</summary>
    public async ValueTask<TencentPair?> FindAsync(string id, CancellationToken ct)
    {
        if (!id.StartsWith(Prefix, StringComparison.Ordinal)
            || !long.TryParse(id.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var keyId)
            || await keys.FindAsync(keyId, ct) is not { DisabledAt: null, TencentSecretText: { } text } key)
            return null;
        return seal.Read(text) is { } secret ? new(key, System.Text.Encoding.ASCII.GetString(secret)) : null;
    }

    /// <summary>A request was signed with it.</summary>
    public Caller Admit(TencentPair pair)
    {
        use.Note(pair.Key.Id);
        return pair.Key.Caller;
    }

    async Task<long> SetAsync(string name, string? text, CancellationToken ct)
    {
        var row = new { name, text, now = clock.GetUtcNow().ToUnixTimeMilliseconds() };
        return await database.WriteAsync(
            db => db.FirstAsync<long?>("update api_keys set tencent_secret = @text, updated_at = @now where name = @name returning id", row), ct)
            ?? throw ApiKeys.NotFound(name);
    }
}
