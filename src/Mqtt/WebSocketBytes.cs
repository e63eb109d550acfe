using System.Net.WebSockets;

namespace Waybill.Mqtt;

/// <summary>A WebSocket as a stream of bytes: packets need not be aligned with frames [MQTT-6.0.0-2], and only binary frames are taken [MQTT-6.0.0-1].</summary>
sealed class WebSocketBytes(WebSocket socket, CancellationTokenSource closed) : Stream
{
    static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    Task<ValueWebSocketReceiveResult>? _waiting;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var result = await TranslateAsync(buffer.IsEmpty ? WaitAsync(cancellationToken) : socket.ReceiveAsync(buffer, CancellationToken.None));
            if (result.MessageType == WebSocketMessageType.Close) return 0;
            if (result.MessageType != WebSocketMessageType.Binary)
            {
                socket.Abort();
                throw new IOException("A text frame is not MQTT.");
            }
            // An empty frame is not the end
            if (result.Count > 0 || buffer.IsEmpty) return result.Count;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await socket.SendAsync(buffer, WebSocketMessageType.Binary, true, cancellationToken);
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException)
        {
            throw new IOException("The WebSocket is gone.", e);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Says goodbye, and waits a moment for the other side to say it too.</summary>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            using var deadline = new CancellationTokenSource(Goodbye);
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, deadline.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidOperationException or IOException)
        {
            // Gone without a word, or a read is still pending: the end either way
            socket.Abort();
        }
        await closed.CancelAsync();
        await base.DisposeAsync();
    }

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Waits for a frame. A WebSocket whose receive is canceled is dead, so the wait ends alone and the next one takes the receive up.</summary>
    async ValueTask<ValueWebSocketReceiveResult> WaitAsync(CancellationToken ct)
    {
        _waiting ??= socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None).AsTask();
        var result = await _waiting.WaitAsync(ct);
        _waiting = null;
        return result;
    }

    static async ValueTask<ValueWebSocketReceiveResult> TranslateAsync(ValueTask<ValueWebSocketReceiveResult> receiving)
    {
        try
        {
            return await receiving;
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException)
        {
            throw new IOException("The WebSocket is gone.", e);
        }
    }
}
