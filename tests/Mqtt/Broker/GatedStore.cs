using System.Threading.Channels;
using Waybill.Mqtt.Broker.Store;

namespace Waybill.Mqtt.Tests.Broker;

/// <summary>A store that commits when the test says so, or fails.</summary>
sealed class GatedStore : IMqttSessionStore
{
    readonly MemorySessionStore _store = new();
    readonly Channel<TaskCompletionSource> _asked = Channel.CreateUnbounded<TaskCompletionSource>();

    public volatile bool IsOpen = true;

    public IAsyncEnumerable<MqttStoreChange> ReadAsync(CancellationToken ct) => _store.ReadAsync(ct);

    public async ValueTask CommitAsync(IReadOnlyList<MqttStoreChange> changes, CancellationToken ct)
    {
        if (!IsOpen)
        {
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked.Writer.TryWrite(gate);
            await gate.Task.WaitAsync(ct);
        }
        await _store.CommitAsync(changes, ct);
    }

    /// <summary>The next commit that was asked for.</summary>
    public async Task<TaskCompletionSource> NextAsync() =>
        await _asked.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(RawClient.Patience);
}
