using System.Security.Cryptography;
using System.Text.Json;
using Waybill.Data;

namespace Waybill.Devices;

/// <summary>A program on the MQTT side: what it may publish and subscribe. A row of <c>mqtt_accounts</c>.</summary>
sealed record MqttAccount
{
    public const string Columns =
        "name, password_hash as passwordHash, publish as publishText, subscribe as subscribeText, disabled_at as disabledAt, "
        + "created_at as createdAt, updated_at as updatedAt";

    public string Name { get; init; } = "";
    public byte[] PasswordHash { get; init; } = [];
    public string PublishText { get; init; } = "[]";
    public string SubscribeText { get; init; } = "[]";
    public long? DisabledAt { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }

    public IReadOnlyList<string> Publish => JsonSerializer.Deserialize(PublishText, DeviceJson.Default.StringArray)!;

    public IReadOnlyList<string> Subscribe => JsonSerializer.Deserialize(SubscribeText, DeviceJson.Default.StringArray)!;

    /// <summary>No semicolon: a device's user name has them.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '@');
}

sealed record MqttAccountChange(string? Password, IReadOnlyList<string>? Publish, IReadOnlyList<string>? Subscribe, bool? Disabled);

sealed class MqttAccounts(Database database, MqttAccountSessions sessions, TimeProvider clock)
{
    public async ValueTask<MqttAccount> GetAsync(string name, CancellationToken ct) => await FindAsync(name, ct) ?? throw NotFound(name);

    public ValueTask<MqttAccount?> FindAsync(string name, CancellationToken ct) =>
        database.FirstAsync<MqttAccount>($"select {MqttAccount.Columns} from mqtt_accounts where name = @name", new { name }, ct);

    public ValueTask<IReadOnlyList<MqttAccount>> ListAsync(string after, int limit, CancellationToken ct) => database.ListAsync<MqttAccount>(
        $"select {MqttAccount.Columns} from mqtt_accounts where name > @after order by name limit @limit", new { after, limit }, ct);

    /// <summary>Makes the account, or gives it these rules; without a password it keeps its own. The password comes back when we made it.</summary>
    public async Task<(MqttAccount Account, bool Made, string? MadePassword)> PutAsync(string name, MqttAccountChange change, CancellationToken ct)
    {
        var made = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        var row = Row(name, change.Password ?? made, change);
        var keep = change.Password is null ? "" : ", password_hash = excluded.password_hash";
        var (account, existed) = await database.WriteAsync(
            async db =>
            {
                var old = await db.FirstAsync<string>("select name from mqtt_accounts where name = @Name", row);
                var put = await db.FirstAsync<MqttAccount>(
                    $"""
                    insert into mqtt_accounts (name, password_hash, publish, subscribe, created_at, updated_at)
                    values (@Name, @PasswordHash, @PublishText, @SubscribeText, @CreatedAt, @UpdatedAt)
                    on conflict (name) do update set publish = excluded.publish, subscribe = excluded.subscribe, updated_at = excluded.updated_at{keep}
                    returning {MqttAccount.Columns}
                    """,
                    row);
                return (put!, old is not null);
            },
            ct);
        sessions.Cut(name);
        return (account, !existed, existed || change.Password is not null ? null : made);
    }

    public async Task<MqttAccount> ChangeAsync(string name, MqttAccountChange change, CancellationToken ct)
    {
        var account = await GetAsync(name, ct);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var next = account with
        {
            PasswordHash = change.Password is { } password ? PasswordHash.Make(password) : account.PasswordHash,
            PublishText = change.Publish is { } publish ? Text(publish) : account.PublishText,
            SubscribeText = change.Subscribe is { } subscribe ? Text(subscribe) : account.SubscribeText,
            DisabledAt = change.Disabled switch { true => account.DisabledAt ?? now, false => null, null => account.DisabledAt },
            UpdatedAt = now,
        };
        await database.WriteAsync(
            db => db.RunAsync(
                """
                update mqtt_accounts set password_hash = @PasswordHash, publish = @PublishText, subscribe = @SubscribeText,
                  disabled_at = @DisabledAt, updated_at = @UpdatedAt where name = @Name
                """,
                next),
            ct);
        sessions.Cut(name);
        return next;
    }

    public async Task DeleteAsync(string name, CancellationToken ct)
    {
        if (await database.WriteAsync(db => db.RunAsync("delete from mqtt_accounts where name = @name", new { name }), ct) == 0)
            throw NotFound(name);
        sessions.Cut(name);
    }

    MqttAccount Row(string name, string password, MqttAccountChange change)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return new()
        {
            Name = name,
            PasswordHash = PasswordHash.Make(password),
            PublishText = Text(change.Publish ?? []),
            SubscribeText = Text(change.Subscribe ?? []),
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    static string Text(IReadOnlyList<string> filters) => JsonSerializer.Serialize([.. filters], DeviceJson.Default.StringArray);

    static RefusedException NotFound(string name) => new("account_not_found", $"There is no MQTT account '{name}'.");
}
