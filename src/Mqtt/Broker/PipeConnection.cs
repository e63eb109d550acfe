using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Waybill.Mqtt.Broker;

/// <summary>A pair of pipes in this process as the connection a broker serves. Thousands of them are idle: what nobody asked for is not made.</summary>
sealed class PipeConnection(IDuplexPipe transport) : ConnectionContext
{
    CancellationTokenSource? _closed;
    IFeatureCollection? _features;
    IDictionary<object, object?>? _items;

    public override IDuplexPipe Transport { get => transport; set => throw new NotSupportedException(); }

    public override string ConnectionId { get; set; } = "in-process";

    public override IFeatureCollection Features => _features ??= new FeatureCollection();

    public override IDictionary<object, object?> Items { get => _items ??= new Dictionary<object, object?>(); set => _items = value; }

    public override CancellationToken ConnectionClosed { get => Closed.Token; set => throw new NotSupportedException(); }

    CancellationTokenSource Closed => LazyInitializer.EnsureInitialized(ref _closed)!;

    /// <summary>What waits for the end goes on elsewhere: the caller may hold locks.</summary>
    public override void Abort(ConnectionAbortedException abortReason) =>
        ThreadPool.UnsafeQueueUserWorkItem(static closed => closed.Cancel(), Closed, preferLocal: false);
}
