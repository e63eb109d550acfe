using System.Buffers;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>The way up: what both directions of a device publish through.</summary>
sealed class HubLink(HubDeviceOptions options)
{
    readonly string _up = HubTopics.Up(options.Identity.Product, options.Identity.Device);
    MqttClient? _client;

    public HubDeviceOptions Options => options;

    public bool IsOpen => _client is not null;

    public void Open(MqttClient client) => _client = client;

    /// <summary>Publishes as the imitated SDK does: the C SDK's running reports are not acknowledged.</summary>
    public async Task PublishAsync(HubUp message, CancellationToken ct)
    {
        var payload = new ArrayBufferWriter<byte>(HubUpReader.MaxPayload);
        if (!HubUpWriter.TryWrite(payload, message, options.Variant))
            throw new ArgumentException("The message is too long or not Unicode.", nameof(message));
        var qos = options.Variant == HubVariant.C && IsRunning(message) ? MqttQos.AtMostOnce : MqttQos.AtLeastOnce;
        await _client!.PublishAsync(_up, payload.WrittenMemory, qos, ct);
    }

    /// <summary>Waits for an answer; null when there was none in time.</summary>
    public async Task<T?> AnswerAsync<T>(Task<T> answer, TimeSpan patience, CancellationToken ct)
        where T : class
    {
        try
        {
            return await answer.WaitAsync(patience, options.Clock, ct);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    static bool IsRunning(HubUp message) =>
        message is ReportUploadProgress { Progress.State: HubState.Running } or ReportDownloadProgress { Progress.State: HubState.Running };
}
