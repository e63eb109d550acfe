using Waybill.Device;
using Waybill.Protocols.TencentHub;

namespace Waybill.Tests.Device;

sealed class Moved : IProgress<BytesMoved>
{
    public BytesMoved Last { get; private set; }

    public void Report(BytesMoved value) => Last = value;
}

sealed class Cut(Action abort, long at) : IProgress<BytesMoved>
{
    public void Report(BytesMoved value)
    {
        if (value.Bytes >= at)
            abort();
    }
}

sealed class Storage : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("waybill-storage-").FullName;

    public ValueTask<Stream> Open(HubResource resource, CancellationToken ct) =>
        new(new FileStream(Path.Join(_folder, resource.Name), FileMode.OpenOrCreate));

    public byte[] Bytes(string name) => File.ReadAllBytes(Path.Join(_folder, name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <summary>A few bytes at a time, so that reports are due in between.</summary>
sealed class SlowStream(byte[] bytes) : MemoryStream(bytes, writable: false)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        return await base.ReadAsync(buffer[..Math.Min(buffer.Length, 1000)], cancellationToken);
    }
}
