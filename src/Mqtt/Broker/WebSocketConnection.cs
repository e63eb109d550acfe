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
        Input = PipeReader.Create(bytes, new(leaveOpen: true, useZeroByteReads: true));
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
}
