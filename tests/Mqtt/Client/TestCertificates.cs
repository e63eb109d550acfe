using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Waybill.Mqtt.Tests.Client;

/// <summary>An authority, a server at this machine's address and a client, as PEM files too.</summary>
sealed class TestCertificates : IDisposable
{
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("waybill-mqtt-tls-");
    readonly DateTimeOffset _from = DateTimeOffset.UtcNow.AddDays(-1);
    readonly DateTimeOffset _until = DateTimeOffset.UtcNow.AddDays(1);
    readonly X509Certificate2 _authority;

    public TestCertificates()
    {
        var request = new CertificateRequest("CN=Test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(_from, _until);
        File.WriteAllText(At("authority.pem"), _authority.ExportCertificatePem());
        Server = Issue("server");
        Client = Issue("client");
    }

    public X509Certificate2 Server { get; }

    public X509Certificate2 Client { get; }

    /// <summary>For a listener of mosquitto that demands a certificate.</summary>
    public string Mosquitto =>
        $"cafile {At("authority.pem")}\ncertfile {At("server.pem")}\nkeyfile {At("server.key")}\nrequire_certificate true\nuser root\n";

    /// <summary>Trusts the authority alone, with the client's certificate or without.</summary>
    public SslClientAuthenticationOptions Tls(bool withCertificate = true)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_authority);
        return new() { CertificateChainPolicy = policy, ClientCertificates = withCertificate ? [Client] : null };
    }

    public void Dispose()
    {
        foreach (var certificate in new[] { _authority, Server, Client }) certificate.Dispose();
        _key.Dispose();
        _directory.Delete(true);
    }

    X509Certificate2 Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(_authority, _from, _until, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(At($"{name}.pem"), issued.ExportCertificatePem());
        File.WriteAllText(At($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        return X509Certificate2.CreateFromPemFile(At($"{name}.pem"), At($"{name}.key"));
    }

    string At(string file) => Path.Join(_directory.FullName, file);
}
