namespace Waybill.Tests.Transcripts;

/// <summary>Content that a device reads up to a percentage, and from there byte by byte: it stays at that percentage until it is stopped.</summary>
sealed class GatedContent(byte[] bytes, int percent) : MemoryStream(bytes, writable: false)
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);

    readonly long _gate = (bytes.Length * (long)percent + 99) / 100;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position < _gate)
            return await base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _gate - Position)], cancellationToken);
        await Task.Delay(Step, cancellationToken);
        return await base.ReadAsync(buffer[..1], cancellationToken);
    }
}
