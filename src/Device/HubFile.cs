using System.Buffers;
using System.Security.Cryptography;
using Waybill.Protocols;
using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>A file to upload.</summary>
/// <param name="Name">Its name for the platform; see <see cref="ResourceNames"/>.</param>
/// <param name="Content">Its bytes from position 0 to the end. Must be seekable: an attempt that failed begins at 0 again. Not disposed.</param>
public sealed record HubFile(string Name, Stream Content)
{
    /// <summary>MD5 of the content where it is known; otherwise the content is read once more to compute it.</summary>
    public Md5Digest? Md5 { get; init; }

    internal async Task<HubResource> AnnounceAsync(CancellationToken ct)
    {
        if (ResourceNames.Refusal(Name, ResourceNames.MaxUp) is { } refusal)
            throw new InvalidOperationException("The name " + refusal + ".");
        return new(Name, Content.Length, new Md5Text(Md5 ?? await HashAsync(ct)));
    }

    async Task<Md5Digest> HashAsync(CancellationToken ct)
    {
        Content.Position = 0;
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        await md5.AppendAsync(Content, ct);
        return md5.Digest();
    }
}

static class ContentHash
{
    const int BufferSize = 64 * 1024;

    /// <summary>Hashes a stream from its position to its end.</summary>
    public static async Task AppendAsync(this IncrementalHash hash, Stream content, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (int read; (read = await content.ReadAsync(buffer, ct)) > 0;)
                hash.AppendData(buffer, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The digest; the hash begins anew.</summary>
    public static Md5Digest Digest(this IncrementalHash hash)
    {
        Span<byte> digest = stackalloc byte[Md5Digest.Length];
        hash.GetHashAndReset(digest);
        return Md5Digest.FromBytes(digest);
    }
}
