using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Waybill.Mqtt.Broker;

/// <summary>A WebSocket as the connection a broker serves.</summary>
sealed class WebSocketConnection : ConnectionContext, IDuplexPipe
{
    readonly WebSocket _socket;
    readonly CancellationTokenSource _closed;

    public WebSocketConnection(HttpContext http, WebSocket socket)
    {
        _socket = socket;
        _closed = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var bytes = new WebSocketBytes(socket, _closed);
        Input = new Reader(PipeReader.Create(bytes, new(leaveOpen: true, useZeroByteReads: true)));
        Output = PipeWriter.Create(bytes);
        ConnectionId = http.Connection.Id;
        Features = http.Features;
        ConnectionClosed = _closed.Token;
        RemoteEndPoint = http.Connection.RemoteIpAddress is { } remote ? new IPEndPoint(remote, http.Connection.RemotePort) : null;
        LocalEndPoint = http.Connection.LocalIpAddress is { } local ? new IPEndPoint(local, http.Connection.LocalPort) : null;
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public override IDuplexPipe Transport { get => this; set => throw new NotSupportedException(); }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; }

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    /// <summary>What waits for the end goes on elsewhere: the caller may hold locks.</summary>
    public override void Abort(ConnectionAbortedException abortReason) =>
        ThreadPool.UnsafeQueueUserWorkItem(static socket => socket.Abort(), _socket, preferLocal: false);

    public override async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        await Output.CompleteAsync();
        _closed.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>
    /// A reader of a stream goes on within the call that cancels its read. The caller may be in the middle of a message for many, with locks,
    /// and what goes on may publish a will: so it goes on elsewhere.
    /// </summary>
    sealed class Reader(PipeReader inner) : PipeReader
    {
        public override void CancelPendingRead() =>
            ThreadPool.UnsafeQueueUserWorkItem(static inner => inner.CancelPendingRead(), inner, preferLocal: false);

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

        public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
