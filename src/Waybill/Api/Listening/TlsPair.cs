using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Waybill.Settings;

namespace Waybill.Api.Listening;

/// <summary>
/// The one PEM pair of all listeners. Each handshake looks whether the files changed: a new pair serves from then on,
/// one that does not work leaves the old one in place.
/// </summary>
sealed partial class TlsPair(TlsSettings settings, ILogger<TlsPair> logger)
{
    readonly Lock _loading = new();
    volatile Loaded? _loaded;

    /// <summary>For a listener's <c>UseHttps</c>.</summary>
    public TlsHandshakeCallbackOptions Handshake => new()
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = Current() }),
    };

    SslStreamCertificateContext Current()
    {
        var stamp = Stamp();
        if (_loaded is { } loaded && loaded.Stamp == stamp)
            return loaded.Context;
        lock (_loading)
            return (_loaded is { } latest && latest.Stamp == stamp ? latest : _loaded = Load(stamp, _loaded)).Context;
    }

    Loaded Load(FileStamp stamp, Loaded? before)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(settings.Certificate);
            var pair = X509Certificate2.CreateFromPemFile(settings.Certificate, settings.Key);
            var context = SslStreamCertificateContext.Create(pair, chain, offline: true);
            if (before is not null)
                LogReloaded(logger, pair.Subject, pair.NotAfter);
            return new(stamp, context);
        }
        catch (Exception e) when (before is not null && e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            LogBroken(logger, settings.Certificate, settings.Key, e.Message);
            return before! with { Stamp = stamp };
        }
    }

    FileStamp Stamp() => new(Changed(settings.Certificate), Changed(settings.Key));

    // through symbolic links, which is how orchestrators swap secrets
    static (DateTime, long) Changed(string path)
    {
        var file = new FileInfo(path);
        var target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return target.Exists ? (target.LastWriteTimeUtc, target.Length) : default;
    }

    readonly record struct FileStamp((DateTime, long) Certificate, (DateTime, long) Key);

    sealed record Loaded(FileStamp Stamp, SslStreamCertificateContext Context);

    [LoggerMessage(Level = LogLevel.Information, Message = "The certificate was reloaded: {Subject}, valid until {NotAfter}")]
    static partial void LogReloaded(ILogger logger, string subject, DateTime notAfter);

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed certificate {Certificate} with {Key} does not work, the one before stays: {Reason}")]
    static partial void LogBroken(ILogger logger, string certificate, string key, string reason);
}
