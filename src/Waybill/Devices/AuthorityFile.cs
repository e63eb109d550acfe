using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Waybill.Devices;

/// <summary>A PEM file of those who issue certificates of devices, roots and what stands between.</summary>
static class AuthorityFile
{
    /// <exception cref="CryptographicException">It has none with which a chain could end.</exception>
    public static X509Certificate2Collection Load(string path)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(path);
        if (!all.Any(c => c.SubjectName.RawData.AsSpan().SequenceEqual(c.IssuerName.RawData)))
            throw new CryptographicException("no certificate in it is its own issuer, so no chain would end there");
        return all;
    }
}
