using System.Collections.Frozen;
using Waybill.Data;

namespace Waybill.Objects.Credentials;

/// <summary>The keys in memory, since every request asks for one. What another node changed shows after two seconds.</summary>
sealed class S3KeyBook(Database database, byte[] secretKey, TimeProvider clock, ILogger<S3KeyBook> logger)
    : PeriodicJob(TimeSpan.FromSeconds(2), clock, logger)
{
    const string Prefix = "WAYK";

    readonly TimeProvider _clock = clock;
    readonly SemaphoreSlim _reading = new(1, 1);
    FrozenDictionary<string, S3Key> _current = FrozenDictionary<string, S3Key>.Empty;
    long _read = -1;

    /// <summary>Before the endpoint starts.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RunAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Null for no key that there is now.</summary>
    public S3Key? Find(string accessKey) => Volatile.Read(ref _current).GetValueOrDefault(accessKey);

    public string SecretOf(S3Key key) => AccessKeys.SecretOf(key.AccessKey, secretKey);

    public ValueTask<IReadOnlyList<S3Key>> ListAsync(string after, int limit, CancellationToken ct) => database.ListAsync<S3Key>(
        $"select {S3Key.Columns} from s3_keys where access_key > @after order by access_key limit @limit", new { after, limit }, ct);

    /// <exception cref="RefusedException"><c>storage_key_not_found</c>.</exception>
    public async ValueTask<S3Key> GetAsync(string accessKey, CancellationToken ct) =>
        await database.FirstAsync<S3Key>($"select {S3Key.Columns} from s3_keys where access_key = @accessKey", new { accessKey }, ct) ?? throw NotFound(accessKey);

    public async Task<S3Key> AddAsync(string name, KeyRight[] rights, CancellationToken ct)
    {
        var key = new S3Key { AccessKey = AccessKeys.Make(Prefix), Name = name, RightsText = S3Key.Write(rights), CreatedAt = _clock.GetUtcNow().ToUnixTimeMilliseconds() };
        await ChangeAsync("insert into s3_keys (access_key, name, rights, created_at) values (@AccessKey, @Name, @RightsText, @CreatedAt)", key, ct);
        return key;
    }

    /// <summary>It ends at once, and what was handed out with it.</summary>
    /// <exception cref="RefusedException"><c>storage_key_not_found</c>.</exception>
    public async Task DeleteAsync(string accessKey, CancellationToken ct)
    {
        if (await ChangeAsync("delete from s3_keys where access_key = @accessKey", new { accessKey }, ct) == 0)
            throw NotFound(accessKey);
    }

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    protected override async Task RunAsync(CancellationToken ct)
    {
        // one at a time: what was read before a change must not come after it
        await _reading.WaitAsync(ct);
        try
        {
            // the count first: a change between the two reads is read again
            var changes = await database.FirstAsync<long>("select next from sequences where name = 's3_keys'", null, ct);
            if (changes == _read)
                return;
            var all = await database.ListAsync<S3Key>($"select {S3Key.Columns} from s3_keys", null, ct);
            Volatile.Write(ref _current, all.ToFrozenDictionary(k => k.AccessKey, StringComparer.Ordinal));
            _read = changes;
        }
        finally
        {
            _reading.Release();
        }
    }

    async Task<int> ChangeAsync(string sql, object row, CancellationToken ct)
    {
        var changed = await database.WriteAsync(
            async db =>
            {
                await db.RunAsync("update sequences set next = next + 1 where name = 's3_keys'");
                return await db.RunAsync(sql, row);
            },
            ct);
        // what was done counts here from now on, also when the caller has left
        await RunAsync(CancellationToken.None);
        return changed;
    }

    static RefusedException NotFound(string accessKey) => new("storage_key_not_found", $"There is no key '{accessKey}' of the S3 endpoint.");
}
