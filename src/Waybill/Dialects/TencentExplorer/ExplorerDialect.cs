using System.Buffers;
using Waybill.Data;
using Waybill.Line;
using Waybill.Link;
using Waybill.Protocols;
using Waybill.Protocols.TencentExplorer;
using Waybill.Transfers;

namespace Waybill.Dialects.TencentExplorer;

/// <summary>Tencent IoT Explorer file management: one method per message, both ways. Quirks: README of the dialect in src/Protocols.</summary>
sealed partial class ExplorerDialect(DeviceUrls urls, Seal seal, DialectMeter meter, ILogger<ExplorerDialect> logger) : IDialect
{
    // the line alone answers, one message at a time
    readonly ArrayBufferWriter<byte> _payload = new(ExplorerDownWriter.MaxPayload);

    public const string Tag = "tencent-explorer";

    public string Name => Tag;

    public Commands Commands => Commands.Download | Commands.Removal;

    public bool WaitsForReport => true;

    public bool IsReport(LineMessage message) => message is VersionReport;

    public bool Claims(ReadOnlySpan<byte> topic, DeviceConnection connection) =>
        ExplorerTopics.TryParseUp(topic, out var product, out var name) && connection.Device.IsNamed(product, name);

    public string DownTopic(DeviceIdentity device) => ExplorerTopics.Down(device.Product, device.Name);

    public string? Refusal(in CommandFile file) => ExplorerLimits.Refusal(new ExplorerResource(file.Name, file.Version, file.Type), file.Size);

    public LineMessage? Read(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, DeviceIdentity device)
    {
        if (!ExplorerUpReader.TryRead(payload, out var message, out var fault))
        {
            // other services of the platform speak on the same topic
            if (fault.Kind == WireFaultKind.UnknownType)
                meter.Nonsense(Name, nameof(WireFaultKind.UnknownType));
            else
                Unanswered(device, fault.Kind, fault.Reason);
            return null;
        }
        return message switch
        {
            ReportVersion report => new VersionReport(device.Id, report.Resources.Select(r => new HeldFile(r.Name, r.Version, r.Type)), report.IsQuestion),
            ReportUpdate report => new FileReport(Key(device, TransferKind.Download, report.Name), report.Version, Progress(report.Progress)),
            RequestUrl request => new ExplorerUpload(device, request),
            ReportPostResult post => Posted(post, device),
            DeleteResult deleted => new FileReport(Key(device, TransferKind.Removal, deleted.Name), deleted.Version, Deleted(deleted.Progress)),
            _ => null,
        };
    }

    public void Answer(LineMessage message, DeviceConnection connection)
    {
        switch (message)
        {
            case VersionReport report:
                AnswerReport(report, connection);
                break;
            case ExplorerUpload upload:
                AnswerUpload(upload, connection);
                break;
            case CommandOffer { Result: { } transfer }:
                Command(transfer, connection);
                break;
        }
    }

    static TransferKey Key(DeviceIdentity device, TransferKind kind, string name) => new(device.Id, kind, name);

    static ReportedProgress Progress(ExplorerProgress progress) => new(
        State(progress), progress.Percent, progress.ResultCode, progress.ResultMsg, progress.ResultCode == ExplorerResults.NoSpace);

    static Reported State(ExplorerProgress progress) => progress switch
    {
        { IsFinal: false } => Reported.Running,
        { IsSuccess: true } => Reported.Done,
        _ => Reported.Fail,
    };

    // what the device does not have is as good as deleted
    static ReportedProgress Deleted(ExplorerProgress progress) => progress is { IsFinal: true, ResultCode: ExplorerResults.FileNotExist }
        ? Progress(progress) with { State = Reported.Done }
        : Progress(progress);

    UploadReport? Posted(ReportPostResult post, DeviceIdentity device)
    {
        if (seal.TryRead(post.Token, SealPurpose.ResourceToken, out var id, out _))
            return new(device.Id, id, Progress(post.Progress));
        Unanswered(device, WireFaultKind.Nonsense, "the resource_token is none of ours");
        return null;
    }

    void AnswerReport(VersionReport report, DeviceConnection connection)
    {
        var leftOut = VersionList.Write(_payload, report.Listed);
        if (leftOut > 0)
            LogLeftOut(logger, connection.Device.Product, connection.Device.Name, leftOut, report.Listed.Count);
        Deliver(connection);
    }

    void AnswerUpload(ExplorerUpload upload, DeviceConnection connection)
    {
        // the protocol has no refusal here: the device gives up by itself, the operator reads why
        if (upload.Refusal is { } refusal)
            Unanswered(connection.Device, WireFaultKind.Refused, refusal.Message);
        else if (ExplorerDownWriter.TryRequestUrlResponse(
            _payload, urls.For(upload.Result!, connection), seal.Write(upload.Result!.Id, 0, SealPurpose.ResourceToken), upload.Request.Id))
            Deliver(connection);
    }

    void Command(Transfer transfer, DeviceConnection connection)
    {
        var resource = new ExplorerResource(transfer.Name, transfer.Version ?? "", transfer.Type ?? ExplorerResource.File);
        var written = transfer.Kind == TransferKind.Removal
            ? ExplorerDownWriter.TryDeleteResource(_payload, resource)
            : ExplorerDownWriter.TryUpdateResource(_payload, resource, urls.For(transfer, connection), new Md5Text(transfer.Md5!.Value), transfer.Size);
        if (written)
            Deliver(connection);
    }

    void Deliver(DeviceConnection connection)
    {
        Span<byte> topic = stackalloc byte[ExplorerTopics.MaxLength];
        connection.Deliver(topic[..ExplorerTopics.WriteDown(topic, connection.Device.Product, connection.Device.Name)], _payload.WrittenSpan);
        _payload.ResetWrittenCount();
    }

    void Unanswered(DeviceIdentity device, WireFaultKind kind, string reason)
    {
        meter.Nonsense(Name, kind.ToString());
        LogUnanswered(logger, device.Product, device.Name, reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "$thing/up/service/{Product}/{Device}: not answered: {Reason}")]
    static partial void LogUnanswered(ILogger logger, string product, string device, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Product}/{Device}: {LeftOut} of {All} files do not fit the packet that tells the device what it holds")]
    static partial void LogLeftOut(ILogger logger, string product, string device, int leftOut, int all);
}

/// <summary>An upload asked for in this dialect, with what the answer repeats.</summary>
sealed class ExplorerUpload(DeviceIdentity device, RequestUrl request)
    : UploadAsk(device, new(request.Name, null, null, request.Version, request.Type))
{
    public RequestUrl Request => request;
}
