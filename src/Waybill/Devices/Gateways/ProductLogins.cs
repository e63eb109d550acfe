using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Waybill.Data;

namespace Waybill.Devices.Gateways;

/// <summary>Whether somebody may come in with the login of a whole product.</summary>
sealed class ProductLogins(Database database) : IDisposable
{
    // hashing is slow on purpose: a thousand docks that come back at once must not take every core
    readonly SemaphoreSlim _hashing = new(2);
    readonly SemaphoreSlim _reading = new(1, 1);
    readonly ConcurrentDictionary<long, ProductDevices> _devices = [];

    // the last good password of a product, under a key of this process, beside the hash that it fitted
    readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    readonly ConcurrentDictionary<long, (byte[] Hash, byte[] Password)> _good = [];

    /// <summary>Null when there is no such login.</summary>
    /// <exception cref="RefusedException"><c>password_wrong</c>, <c>device_disabled</c>: for the log.</exception>
    public async ValueTask<ProductLogin?> AdmitAsync(string user, ReadOnlyMemory<byte> password, CancellationToken ct)
    {
        if (!MqttAccount.IsName(user))
            return null;
        var row = await database.FirstAsync<LoginRow>("select id, login_hash as hash from products where login_user = @user", new { user }, ct);
        var product = row is null ? null : await database.FirstAsync<Product>($"select {Product.Columns} from products where id = @Id", new { row.Id }, ct);
        if (product is not { IsDji: true })
            return null;
        if (!await FitsAsync(product.Id, password, row!.Hash, ct))
            throw new RefusedException("password_wrong", "the product's login has another password");
        if (product.DisabledAt is not null)
            throw new RefusedException("device_disabled", "the product is disabled");
        var devices = await DevicesAsync(product, ct);
        return new(product.Name, product.Dialects, product.DeviceUrl, devices) { ProductId = product.Id, User = user, Version = VersionOf(row.Hash) };
    }

    /// <summary>Where each product's login stands now; those that are disabled have none.</summary>
    public async ValueTask<IReadOnlyDictionary<long, (string User, long Version)>> StandingAsync(CancellationToken ct)
    {
        var rows = await database.ListAsync<LoginRow>(
            "select id, login_user as name, login_hash as hash from products where login_user is not null and disabled_at is null", null, ct);
        return rows.ToDictionary(r => r.Id, r => (r.Name, VersionOf(r.Hash)));
    }

    public void Dispose()
    {
        _hashing.Dispose();
        _reading.Dispose();
    }

    /// <summary>One at a time, and none holds a connection while it waits.</summary>
    async ValueTask<ProductDevices> DevicesAsync(Product product, CancellationToken ct)
    {
        var devices = _devices.GetOrAdd(product.Id, _ => new());
        await _reading.WaitAsync(ct);
        try
        {
            await using var db = await database.ReadAsync(ct);
            await devices.RefreshAsync(db, product);
            return devices;
        }
        finally
        {
            _reading.Release();
        }
    }

    async ValueTask<bool> FitsAsync(long productId, ReadOnlyMemory<byte> password, byte[] hash, CancellationToken ct)
    {
        var brought = HMACSHA256.HashData(_key, password.Span);
        if (_good.TryGetValue(productId, out var good) && good.Hash.AsSpan().SequenceEqual(hash) && CryptographicOperations.FixedTimeEquals(good.Password, brought))
            return true;
        await _hashing.WaitAsync(ct);
        try
        {
            if (!PasswordHash.Fits(Encoding.UTF8.GetString(password.Span), hash))
                return false;
        }
        finally
        {
            _hashing.Release();
        }
        _good[productId] = (hash, brought);
        return true;
    }

    /// <summary>A hash begins with its salt, which is another each time.</summary>
    static long VersionOf(byte[] hash) => BinaryPrimitives.ReadInt64BigEndian(hash);

    sealed class LoginRow
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public byte[] Hash { get; init; } = [];
    }
}
