using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Waybill.Settings;

namespace Waybill.Api.Listening;

/// <summary>The one PEM pair of all listeners, looked at in each handshake.</summary>
sealed partial class TlsPair(TlsSettings settings, ILogger<TlsPair> logger, DeviceAuthorities? authorities = null)
{
    readonly FromFiles<SslStreamCertificateContext> _pair = new(
        [settings.Certificate, settings.Key],
        () => Load(settings),
        pair => LogReloaded(logger, pair.TargetCertificate.Subject, pair.TargetCertificate.NotAfter),
        e => LogBroken(logger, settings.Certificate, settings.Key, e.Message));

    /// <summary>For a listener's <c>UseHttps</c>.</summary>
    public TlsHandshakeCallbackOptions Handshake => new() { OnConnection = _ => ValueTask.FromResult(Options()) };

    /// <summary>For that of devices, which may have certificates of their own. TLS 1.2 and 1.3 only, whatever the system would take.</summary>
    public TlsHandshakeCallbackOptions DeviceHandshake => new()
    {
        OnConnection = handshake =>
        {
            var options = Options();
            options.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            authorities?.Ask(options, handshake.Connection);
            return ValueTask.FromResult(options);
        },
    };

    SslServerAuthenticationOptions Options() => new() { ServerCertificateContext = _pair.Current };

    static SslStreamCertificateContext Load(TlsSettings settings)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(settings.Certificate);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(settings.Certificate, settings.Key), chain, offline: true);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The certificate was reloaded: {Subject}, valid until {NotAfter}")]
    static partial void LogReloaded(ILogger logger, string subject, DateTime notAfter);

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed certificate {Certificate} with {Key} does not work, the one before stays: {Reason}")]
    static partial void LogBroken(ILogger logger, string certificate, string key, string reason);
}
