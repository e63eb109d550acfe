using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Waybill.Data;

/// <summary>What a sealed number is for; one purpose's text is nonsense for every other.</summary>
enum SealPurpose : uint
{
    TransferId = 0x54524e46,
    UploadUrl = 0x55504c44,
    DownloadUrl = 0x444f574e,
    DeadMessage = 0x44454144,
}

/// <summary>
/// Row ids as texts that cannot be guessed: one AES block over id, time and purpose, 22 characters. Nothing is stored or
/// indexed for them; a forged text meets its purpose once in 2^32 tries and must then name a row that allows it.
/// </summary>
sealed class Seal(byte[] key) : IDisposable
{
    const int BlockSize = 16;
    const int TextLength = 22;

    readonly ThreadLocal<Aes> _aes = new(() => NewAes(key), trackAllValues: true);

    public string Write(long id, long time, SealPurpose purpose)
    {
        Span<byte> block = stackalloc byte[BlockSize];
        BinaryPrimitives.WriteInt64BigEndian(block, id);
        BinaryPrimitives.WriteUInt32BigEndian(block[8..], (uint)(time / 1000));
        BinaryPrimitives.WriteUInt32BigEndian(block[12..], (uint)purpose);
        _aes.Value!.EncryptEcb(block, block, PaddingMode.None);
        return Base64Url.EncodeToString(block);
    }

    /// <summary>Time comes back in whole seconds, as Unix milliseconds.</summary>
    public bool TryRead(ReadOnlySpan<char> text, SealPurpose purpose, out long id, out long time)
    {
        (id, time) = (0, 0);
        Span<byte> block = stackalloc byte[BlockSize];
        // the Try method throws at what is no base64url
        if (text.Length != TextLength || Base64Url.DecodeFromChars(text, block, out _, out var length) != OperationStatus.Done || length != BlockSize)
            return false;
        _aes.Value!.DecryptEcb(block, block, PaddingMode.None);
        if (BinaryPrimitives.ReadUInt32BigEndian(block[12..]) != (uint)purpose)
            return false;
        id = BinaryPrimitives.ReadInt64BigEndian(block);
        time = BinaryPrimitives.ReadUInt32BigEndian(block[8..]) * 1000L;
        return true;
    }

    public void Dispose()
    {
        foreach (var aes in _aes.Values)
            aes.Dispose();
        _aes.Dispose();
    }

    static Aes NewAes(byte[] key)
    {
        var aes = Aes.Create();
        aes.Key = key;
        return aes;
    }
}
