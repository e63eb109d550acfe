using System.Buffers;
using Waybill.Mqtt;
using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>The way up: what both directions of a device publish through.</summary>
sealed class HubLink(HubDeviceOptions options, DeviceSession session)
{
    public HubDeviceOptions Options => options;

    /// <summary>Publishes as the imitated SDK does: the C SDK's running reports are not acknowledged.</summary>
    public async Task PublishAsync(HubUp message, CancellationToken ct)
    {
        var payload = new ArrayBufferWriter<byte>(HubUpReader.MaxPayload);
        if (!HubUpWriter.TryWrite(payload, message, options.Variant))
            throw new ArgumentException("The message is too long or not Unicode.", nameof(message));
        var qos = options.Variant == HubVariant.C && IsRunning(message) ? MqttQos.AtMostOnce : MqttQos.AtLeastOnce;
        await session.PublishAsync(payload.WrittenMemory, qos, ct);
    }

    /// <inheritdoc cref="DeviceSession.AnswerAsync"/>
    public Task<T?> AnswerAsync<T>(Task<T> answer, TimeSpan patience, CancellationToken ct)
        where T : class => session.AnswerAsync(answer, patience, ct);

    static bool IsRunning(HubUp message) =>
        message is ReportUploadProgress { Progress.State: HubState.Running } or ReportDownloadProgress { Progress.State: HubState.Running };
}
