using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Waybill.Data;

namespace Waybill.Api;

/// <summary>The owner's key: configured, or made at first start into a file only its owner can read.</summary>
sealed class AdminKey
{
    readonly byte[] _hash;

    AdminKey(string value, string? path)
    {
        (Value, Path) = (value, path);
        _hash = SHA256.HashData(Encoding.UTF8.GetBytes(value));
        // another admin key has another id, so what was made with this one ends with it
        Id = BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(_hash)) | long.MinValue;
    }

    public string Value { get; }

    /// <summary>Below zero, where no row has its id.</summary>
    public long Id { get; }

    /// <summary>Where a key that was not configured is kept.</summary>
    public string? Path { get; }

    public bool Is(string brought) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(brought)), _hash);

    public static AdminKey Open(string? configured, string directory)
    {
        if (configured is not null)
            return new(configured, null);
        var path = System.IO.Path.Join(directory, "admin-key");
        var value = SecretFile.ReadOrMake(path, () => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        return value.Length >= 16
            ? new(value, path)
            : throw new InvalidOperationException($"The admin key in {path} is shorter than 16 characters: delete the file, then a new one is made.");
    }
}
