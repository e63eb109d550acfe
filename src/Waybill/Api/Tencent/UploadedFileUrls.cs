using Waybill.Files;
using Waybill.Transfers;

namespace Waybill.Api.Tencent;

/// <summary>URLs to read what devices uploaded. That is their users': each is a line in the log.</summary>
sealed partial class UploadedFileUrls(FileUrls urls, TimeProvider clock, ILogger<UploadedFileUrls> logger)
{
    static readonly TimeSpan s_life = TimeSpan.FromHours(1);

    public string Of(FoundTransfer found, ActionCall call)
    {
        LogContent(logger, call.Caller.Name, found.Product, found.Device, found.Transfer.Name);
        return urls.ToReadUpload(found.Transfer.Id, call.UrlBase, (clock.GetUtcNow() + s_life).ToUnixTimeMilliseconds());
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Caller} reads what belongs to a device: {Product}/{Device} {Name}")]
    static partial void LogContent(ILogger logger, string caller, string product, string device, string name);
}

/// <summary>Offset and Limit.</summary>
sealed record CloudPage(int Offset, int Limit)
{
    const int Most = 250;

    public static CloudPage Of(ActionParameters parameters) =>
        new((int)parameters.Number("Offset", 0, int.MaxValue), (int)parameters.Number("Limit", 1, Most));
}
