using System.Security.Cryptography;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Client;

/// <summary>Requests that wait for their response (4.10), found by their correlation data.</summary>
sealed class Requests
{
    readonly Dictionary<byte[], TaskCompletionSource<MqttMessage>> _waiting = new(Utf8Key.Comparer);

    public (byte[] Correlation, Task<MqttMessage> Response) Begin()
    {
        var correlation = RandomNumberGenerator.GetBytes(12);
        var response = new TaskCompletionSource<MqttMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting) _waiting.Add(correlation, response);
        return (correlation, response.Task);
    }

    public void End(byte[] correlation)
    {
        lock (_waiting) _waiting.Remove(correlation);
    }

    /// <summary>Whether a message is somebody's response; it is then given to them.</summary>
    public bool Take(MqttMessage message)
    {
        TaskCompletionSource<MqttMessage>? response;
        lock (_waiting)
        {
            if (_waiting.Count == 0 || !message.Properties.TryGet(MqttPropertyId.CorrelationData, out var data)) return false;
            if (!_waiting.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(data.Bytes, out _, out response)) return false;
        }
        return response.TrySetResult(message);
    }

    /// <summary>Nobody will answer any more.</summary>
    public void FailAll()
    {
        lock (_waiting)
        {
            foreach (var response in _waiting.Values) response.TrySetException(MqttException.ConnectionLost());
            _waiting.Clear();
        }
    }
}
