using System.IO.Pipelines;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Waybill.Objects;
using Waybill.Protocols;

namespace Waybill.Tests.Objects;

/// <summary>A store in a directory of its own, and what lies in that directory.</summary>
sealed class StoreDirectory : IDisposable
{
    readonly bool owned;

    public StoreDirectory(string? root = null)
    {
        owned = root is null;
        Root = root ?? Directory.CreateTempSubdirectory("waybill-objects-").FullName;
        Store = Open();
    }

    public string Root { get; }

    public DiskStore Store { get; private set; }

    public Journal Journal { get; } = new();

    public string[] Incoming => Directory.GetFiles(Path.Join(Root, "incoming"));

    public Sha256Digest[] Objects => [.. Store.All()];

    public string PathOf(Sha256Digest hash) => Path.Join(Root, "objects", $"{hash}"[..2], $"{hash}");

    public void Reopen(Action? meanwhile = null)
    {
        Store.Dispose();
        meanwhile?.Invoke();
        Store = Open();
    }

    public Task<StoredObject> ReceiveAsync(byte[] bytes, Intake? intake = null) =>
        Store.ReceiveAsync(PipeReader.Create(new MemoryStream(bytes)), intake ?? For(bytes), CancellationToken.None);

    public byte[] Read(Sha256Digest hash)
    {
        using var file = Store.Open(hash);
        var bytes = new byte[file.Length];
        var read = 0;
        for (int n; (n = file.Read(bytes.AsSpan(read), read)) > 0;)
            read += n;
        return bytes[..read];
    }

    public static Intake For(byte[] bytes) => new("t1", bytes.Length, long.MaxValue, Md5(bytes));

    public static Md5Digest Md5(byte[] bytes) => Md5Digest.FromBytes(MD5.HashData(bytes));

    public static Sha256Digest Sha256(byte[] bytes) => Sha256Digest.FromBytes(SHA256.HashData(bytes));

    public static byte[] Random(int length) => RandomNumberGenerator.GetBytes(length);

    public void Dispose()
    {
        Store.Dispose();
        if (owned)
            Directory.Delete(Root, recursive: true);
    }

    DiskStore Open() => new(Root, Journal);
}

/// <summary>What the store logged.</summary>
sealed class Journal : ILogger<DiskStore>
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Lines)
            Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
