using System.Buffers;
using Waybill.Line;
using Waybill.Link;
using Waybill.Protocols;
using Waybill.Protocols.TencentHub;
using Waybill.Transfers;

namespace Waybill.Dialects.TencentHub;

/// <summary>Tencent IoT Hub resource management: one method per message, both ways. Quirks: README of the dialect in src/Protocols.</summary>
sealed partial class HubDialect(DeviceUrls urls, DialectMeter meter, ILogger<HubDialect> logger) : IDialect
{
    // the line alone answers, one message at a time
    readonly ArrayBufferWriter<byte> _payload = new(HubDownWriter.MaxPayload);

    public string Name => "tencent-hub";

    public Commands Commands => Commands.Download;

    public bool WaitsForReport => false;

    public bool Claims(ReadOnlySpan<byte> topic, DeviceConnection connection) =>
        HubTopics.TryParseUp(topic, out var product, out var name) && connection.Device.IsNamed(product, name);

    public string DownTopic(DeviceIdentity device) => HubTopics.Down(device.Product, device.Name);

    public string? Refusal(in CommandFile file) => HubDownWriter.Refusal(file.Name, file.Size);

    public LineMessage? Read(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, DeviceIdentity device)
    {
        if (!HubUpReader.TryRead(payload, out var message, out var fault))
        {
            Unanswered(device, fault.Kind, fault.Reason);
            return null;
        }
        return message switch
        {
            CreateUploadTask create => new HubUpload(device, create.Resource),
            ReportUploadProgress report => Report(TransferKind.Upload, report.Name, report.Progress, device),
            GetDownloadTask => new DownloadAsk(device.Id),
            ReportDownloadProgress report => Report(TransferKind.Download, report.Name, report.Progress, device),
            _ => null,
        };
    }

    public void Answer(LineMessage message, DeviceConnection connection)
    {
        switch (message)
        {
            case HubUpload upload:
                AnswerUpload(upload, connection);
                break;
            case TransferReport report:
                AnswerReport(report, connection);
                break;
            case DownloadAsk { Result: { } transfer }:
                if (HubDownWriter.TryGetDownloadTaskResponse(_payload, Resource(transfer), urls.For(transfer, connection)))
                    Deliver(connection);
                break;
            case CommandOffer { Result: { } transfer }:
                if (HubDownWriter.TryDownload(_payload, Resource(transfer), urls.For(transfer, connection)))
                    Deliver(connection);
                break;
        }
    }

    static TransferReport Report(TransferKind kind, string name, HubProgress progress, DeviceIdentity device)
    {
        var state = progress.State switch { HubState.Done => Reported.Done, HubState.Fail => Reported.Fail, _ => Reported.Running };
        return new(new TransferKey(device.Id, kind, name), new ReportedProgress(state, progress.Percent, progress.ResultCode, progress.ResultMsg));
    }

    void AnswerUpload(HubUpload upload, DeviceConnection connection)
    {
        // the protocol has no refusal here: the device waits, the operator reads why
        if (upload.Refusal is { } refusal)
            Unanswered(connection.Device, WireFaultKind.Refused, refusal.Message);
        else if (HubDownWriter.TryCreateUploadTaskResponse(_payload, upload.Resource, urls.For(upload.Result!, connection)))
            Deliver(connection);
    }

    void AnswerReport(TransferReport report, DeviceConnection connection)
    {
        var isUpload = report.Key.Kind == TransferKind.Upload;
        if (report.Refusal is { } refusal)
        {
            _ = isUpload
                ? HubDownWriter.TryReportUploadProgressResponse(_payload, HubResults.TimedOut, refusal.Code)
                : HubDownWriter.TryReportDownloadProgressResponse(_payload, HubResults.TimedOut, refusal.Code);
            Deliver(connection);
            return;
        }
        Deliver(connection, isUpload ? HubDownWriter.UploadProgressOk : HubDownWriter.DownloadProgressOk);
    }

    void Deliver(DeviceConnection connection)
    {
        Deliver(connection, _payload.WrittenSpan);
        _payload.ResetWrittenCount();
    }

    static void Deliver(DeviceConnection connection, ReadOnlySpan<byte> payload)
    {
        Span<byte> topic = stackalloc byte[HubTopics.MaxLength];
        connection.Deliver(topic[..HubTopics.WriteDown(topic, connection.Device.Product, connection.Device.Name)], payload);
    }

    static HubResource Resource(Transfer transfer) => new(transfer.Name, transfer.Size, new Md5Text(transfer.Md5!.Value));

    void Unanswered(DeviceIdentity device, WireFaultKind kind, string reason)
    {
        meter.Nonsense(Name, kind.ToString());
        LogUnanswered(logger, device.Product, device.Name, reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "$resource/up/service/{Product}/{Device}: not answered: {Reason}")]
    static partial void LogUnanswered(ILogger logger, string product, string device, string reason);
}

/// <summary>An upload asked for in this dialect, with the resource to be echoed to the letter.</summary>
sealed class HubUpload(DeviceIdentity device, HubResource resource) : UploadAsk(device, new(resource.Name, resource.Size, resource.Md5.Digest))
{
    public HubResource Resource => resource;
}
