using System.Security.Cryptography;
using System.Text;

namespace Waybill.Protocols.TencentRegistration;

/// <summary>A device asks for its secret. Nothing in it is proven before <see cref="IsSignedWith"/>.</summary>
public sealed class RegistrationRequest
{
    readonly byte[] _signature;
    readonly string[] _signed;
    readonly bool _sha256;

    internal RegistrationRequest(RegistrationForm form, string product, string device, RegistrationProof proof)
    {
        (Form, Product, Device) = (form, product, device);
        (_signed, _sha256) = (proof.Signed, proof.Sha256);
        _signature = Encoding.UTF8.GetBytes(proof.Signature);
    }

    /// <summary>How it asked, and so how it reads the answer.</summary>
    public RegistrationForm Form { get; }

    /// <summary>Product id as the device has it, not checked.</summary>
    public string Product { get; }

    /// <summary>Device name as the device has it, not checked.</summary>
    public string Device { get; }

    /// <summary>
    /// Whether the signature was made with this product secret. Takes the same time for every secret and signature of one length.
    /// The encodings of R5 are all accepted.
    /// </summary>
    public bool IsSignedWith(string productSecret)
    {
        var key = Encoding.UTF8.GetBytes(productSecret);
        var found = false;
        foreach (var text in _signed)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            found |= IsSignature(_sha256 ? HMACSHA256.HashData(key, bytes) : HMACSHA1.HashData(key, bytes));
        }
        return found;
    }

    bool IsSignature(byte[] mac)
    {
        var hex = Convert.ToHexStringLower(mac);
        return Is(Convert.ToBase64String(mac)) | Is(hex) | Is(Convert.ToBase64String(Encoding.ASCII.GetBytes(hex)));
    }

    bool Is(string expected) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), _signature);
}

/// <summary>A signature and the texts it may have been made over.</summary>
readonly record struct RegistrationProof(string Signature, string[] Signed, bool Sha256);
