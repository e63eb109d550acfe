using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Waybill.Devices;

namespace Waybill.Api.Listening;

/// <summary>
/// Who issues the certificates of devices: a PEM file, looked at in each handshake. A certificate that does not hold does not end the
/// handshake, where nobody would learn why, but the CONNECT that follows.
/// </summary>
sealed partial class DeviceAuthorities(string path, ILogger<DeviceAuthorities> logger)
{
    readonly FromFiles<X509Certificate2Collection> _authorities = new(
        [path], () => AuthorityFile.Load(path), all => LogReloaded(logger, all.Count, path), e => LogBroken(logger, path, e.Message));

    /// <summary>Asks for a certificate; what it says stands on the connection, as a <see cref="DeviceCertificate"/>.</summary>
    public void Ask(SslServerAuthenticationOptions options, BaseConnectionContext connection)
    {
        options.ClientCertificateRequired = true;
        // a resumed session would not bring the chain with it, and the authorities may be others by now
        options.AllowTlsResume = false;
        options.CertificateChainPolicy = Policy();
#pragma warning disable CA5359 // Nobody is let in by it: Admission looks at what stands on the connection
        options.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            if (certificate is X509Certificate2 presented && chain is not null)
                connection.Features.Set(DeviceCertificate.Judge(presented, chain));
            // the connection keeps the policy: not with the links that came with the certificate
            chain?.ChainPolicy.ExtraStore.Clear();
            return true;
        };
#pragma warning restore CA5359
    }

    X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // the certificate names URLs, and who presents it must not send us anywhere
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(_authorities.Current);
        policy.ApplicationPolicy.Add(new Oid(DeviceCertificate.ClientAuthentication));
        return policy;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The authorities of devices were reloaded: {Count} certificates of {Path}")]
    static partial void LogReloaded(ILogger logger, int count, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed authorities of devices {Path} do not work, those before stay: {Reason}")]
    static partial void LogBroken(ILogger logger, string path, string reason);
}
