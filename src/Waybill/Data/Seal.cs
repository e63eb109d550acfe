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
    ResourceToken = 0x544f4b4e,
    UploadSlot = 0x534c4f54,
    LibraryFile = 0x46494c45,
    UploadedBytes = 0x42595445,
    LogRequest = 0x4c4f4753,
    LogList = 0x4c4c5354,
    LogStart = 0x4c535452,
    LogCancel = 0x4c43414e,
    Upgrade = 0x5550474d,
    UpgradePackage = 0x55504b47,
    LogCampaign = 0x4c434d50,
}

/// <summary>
/// Row ids as texts that cannot be guessed: one AES block over id, time and purpose, 22 characters. Nothing is stored or
/// indexed for them; a forged text meets its purpose once in 2^32 tries and must then name a row that allows it.
/// </summary>
sealed class Seal(byte[] key) : IDisposable
{
    const int BlockSize = 16;
    const int TextLength = 22;

    readonly ThreadLocal<Cipher> _ciphers = new(() => new Cipher(key), trackAllValues: true);

    public string Write(long id, long time, SealPurpose purpose)
    {
        Span<byte> block = stackalloc byte[BlockSize];
        BinaryPrimitives.WriteInt64BigEndian(block, id);
        BinaryPrimitives.WriteUInt32BigEndian(block[8..], (uint)(time / 1000));
        BinaryPrimitives.WriteUInt32BigEndian(block[12..], (uint)purpose);
        return Base64Url.EncodeToString(_ciphers.Value!.Encrypt(block));
    }

    /// <summary>Time comes back in whole seconds, as Unix milliseconds.</summary>
    public bool TryRead(ReadOnlySpan<char> text, SealPurpose purpose, out long id, out long time)
    {
        (id, time) = (0, 0);
        Span<byte> block = stackalloc byte[BlockSize];
        // the Try method throws at what is no base64url
        if (text.Length != TextLength || Base64Url.DecodeFromChars(text, block, out _, out var length) != OperationStatus.Done || length != BlockSize)
            return false;
        _ciphers.Value!.Decrypt(block);
        if (BinaryPrimitives.ReadUInt32BigEndian(block[12..]) != (uint)purpose)
            return false;
        id = BinaryPrimitives.ReadInt64BigEndian(block);
        time = BinaryPrimitives.ReadUInt32BigEndian(block[8..]) * 1000L;
        return true;
    }

    public void Dispose()
    {
        foreach (var cipher in _ciphers.Values)
            cipher.Dispose();
        _ciphers.Dispose();
    }

    /// <summary>One thread's. Every answered upload request encrypts a block, so the key schedule of that way is kept.</summary>
    sealed class Cipher : IDisposable
    {
        readonly Aes _aes = Aes.Create();
        readonly ICryptoTransform _encryption;
        readonly byte[] _block = new byte[BlockSize];

        public Cipher(byte[] key)
        {
            _aes.Key = key;
            _aes.Mode = CipherMode.ECB;
            _aes.Padding = PaddingMode.None;
            _encryption = _aes.CreateEncryptor();
        }

        /// <summary>Valid until the next one.</summary>
        public ReadOnlySpan<byte> Encrypt(ReadOnlySpan<byte> block)
        {
            block.CopyTo(_block);
            _encryption.TransformBlock(_block, 0, BlockSize, _block, 0);
            return _block;
        }

        public void Decrypt(Span<byte> block) => _aes.DecryptEcb(block, block, PaddingMode.None);

        public void Dispose()
        {
            _encryption.Dispose();
            _aes.Dispose();
        }
    }
}
