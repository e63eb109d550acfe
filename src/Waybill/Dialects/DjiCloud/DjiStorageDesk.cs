using System.Threading.Channels;
using Waybill.Devices.Gateways;
using Waybill.Link;
using Waybill.Logs;
using Waybill.Objects.Credentials;
using Waybill.Objects.Credentials.Issuers;
using Waybill.Protocols.DjiCloud;
using Waybill.S3.Rows;

namespace Waybill.Dialects.DjiCloud;

/// <summary>
/// Temporary credentials for docks, never wider than what they are for: the prefix of one log request, or of one dock's media. Other
/// storage has to be asked for them, so that media requests are answered here and not on the line.
/// </summary>
sealed partial class DjiStorageDesk(
    GatewayStorages storages, CredentialIssuers issuers, Buckets buckets, DjiVoice voice, LogSettings logSettings, ILogger<DjiStorageDesk> logger) : BackgroundService
{
    const int MostWaiting = 1024;
    const int AtOnce = 4;

    /// <summary>Docks ask again before it is over.</summary>
    static readonly TimeSpan s_mediaLife = TimeSpan.FromHours(1);

    readonly Channel<(DjiStorageRequest Asked, DeviceConnection Connection)> _asked =
        Channel.CreateBounded<(DjiStorageRequest, DeviceConnection)>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Answered when there are credentials; when too many wait it is not, and the dock asks again.</summary>
    public void Ask(DjiStorageRequest asked, DeviceConnection connection)
    {
        if (!connection.Device.IsShared)
            _asked.Writer.TryWrite((asked, connection));
    }

    /// <exception cref="RefusedException">With the remedy: the storage gives none.</exception>
    public async Task<DjiStorage> ForLogsAsync(DeviceConnection connection, LogRequest request, string prefix, CancellationToken ct)
    {
        var issued = await IssueAsync(connection, prefix, logSettings.Job, request.CredentialJob, ct);
        return Told(issued);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => AnswerAllAsync(stoppingToken)));

    async Task AnswerAllAsync(CancellationToken ct)
    {
        await foreach (var (asked, connection) in _asked.Reader.ReadAllAsync(ct))
        {
            voice.Answer(connection, asked.Heard, await MediaAsync(connection, ct));
            connection.Flush();
        }
    }

    async Task<DjiAnswer> MediaAsync(DeviceConnection connection, CancellationToken ct)
    {
        try
        {
            var prefix = $"media/{connection.Device.Product}/{connection.Device.Name}/";
            return new DjiMediaStorage(Told(await IssueAsync(connection, prefix, s_mediaLife, job: null, ct)), prefix.TrimEnd('/'));
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogNoStorage(logger, connection.Device.Product, connection.Device.Name, e.Message);
            return new DjiResult(DjiErrorCodes.NotPossible);
        }
    }

    async Task<IssuedCredentials> IssueAsync(DeviceConnection connection, string prefix, TimeSpan life, string? job, CancellationToken ct)
    {
        var storage = await storages.OfAsync(connection.Device.Id, ct);
        var issuer = issuers.Find(storage.Issuer);
        var bucket = storage.BucketOf(issuer);
        if (issuer.Kind == StorageKind.Ours && bucket is not null && await buckets.FindAsync(bucket, ct) is null)
            await buckets.CreateAsync(bucket, ct);
        var ask = new CredentialAsk(bucket, prefix, S3Actions.Upload, life < issuer.Longest ? life : issuer.Longest)
        {
            Device = storage.Gateway,
            Job = job,
            Host = new Uri(connection.UrlBase).Host,
        };
        return await issuers.IssueAsync(storage.Issuer, ask, ct);
    }

    static DjiStorage Told(IssuedCredentials issued)
    {
        var key = issued.Credential;
        return new(issued.Provider, issued.Endpoint, issued.Region, issued.Bucket, new(key.AccessKey, key.Secret, key.SessionToken, key.ExpiresAt.ToUnixTimeMilliseconds()));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Product}/{Device} asked where to put media and was told that there is no place: {Reason}")]
    static partial void LogNoStorage(ILogger logger, string product, string device, string reason);
}
