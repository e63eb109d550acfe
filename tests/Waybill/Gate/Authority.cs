using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Gate;

/// <summary>Who issues certificates of devices. Its files are PEM and go with it.</summary>
sealed class Authority : IDisposable
{
    const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("waybill-authority-");
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly X509Certificate2 _own;
    readonly string _above = "";

    public Authority(string name = "Devices", Authority? above = null)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _own = above is null ? request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30)) : above.Sign(request, TimeSpan.FromDays(20)).CopyWithPrivateKey(_key);
        if (above is not null)
            _above = _own.ExportCertificatePem() + "\n";
        System.IO.File.WriteAllText(File, _own.ExportCertificatePem());
    }

    /// <summary>The file that the server is given.</summary>
    public string File => Path.Join(_directory.FullName, "authority.pem");

    /// <summary>A certificate of this name, with what stands between, and its key.</summary>
    public DevicePair Issue(string name, double days = 10, bool? forClients = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName(name.Contains('=', StringComparison.Ordinal) ? name : $"CN={name}"), key, HashAlgorithmName.SHA256);
        if (forClients is { } client)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(client ? ClientAuthentication : ServerAuthentication)], false));
        using var issued = Sign(request, TimeSpan.FromDays(days));
        var pair = new DevicePair(Path.Join(_directory.FullName, $"{Guid.NewGuid():N}.pem"), Path.Join(_directory.FullName, $"{Guid.NewGuid():N}.key"));
        System.IO.File.WriteAllText(pair.Certificate, issued.ExportCertificatePem() + "\n" + _above);
        System.IO.File.WriteAllText(pair.Key, key.ExportPkcs8PrivateKeyPem());
        return pair;
    }

    /// <summary>The same made by the commands that docs/operations.md has.</summary>
    public static async Task<(string Authority, DevicePair Pair)> ByHandAsync(DirectoryInfo directory)
    {
        string At(string name) => Path.Join(directory.FullName, name);
        string[] newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        await RunAsync(["req", "-x509", .. newKey, "-days", "3650", "-subj", "/CN=Devices", "-keyout", At("authority.key"), "-out", At("authority.pem")]);
        await RunAsync(["req", "-new", .. newKey, "-subj", @"/CN=ABCDE12345\/dev001", "-keyout", At("dev001.key"), "-out", At("dev001.csr")]);
        await RunAsync(["x509", "-req", "-in", At("dev001.csr"), "-CA", At("authority.pem"), "-CAkey", At("authority.key"), "-CAcreateserial", "-days", "365", "-out", At("dev001.pem")]);
        return (At("authority.pem"), new(At("dev001.pem"), At("dev001.key")));
    }

    public void Dispose()
    {
        _own.Dispose();
        _key.Dispose();
        _directory.Delete(recursive: true);
    }

    static async Task RunAsync(string[] arguments)
    {
        var (code, output) = await Tool.RunAsync("openssl", arguments);
        Assert.True(code == 0, output);
    }

    /// <summary>Valid from yesterday on, or where it is to be past, for the day before that.</summary>
    X509Certificate2 Sign(CertificateRequest request, TimeSpan validity)
    {
        var until = DateTimeOffset.UtcNow + validity;
        return request.Create(_own.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), until.AddDays(-1) - (validity > TimeSpan.Zero ? validity : default), until, RandomNumberGenerator.GetBytes(8));
    }
}

/// <summary>Paths of a certificate and its key.</summary>
sealed record DevicePair(string Certificate, string Key)
{
    public X509Certificate2 Load() => X509Certificate2.CreateFromPemFile(Certificate, Key);
}
