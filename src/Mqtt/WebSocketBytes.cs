using System.Buffers;
using System.Net.WebSockets;

namespace Waybill.Mqtt;

/// <summary>A WebSocket as a stream of bytes: packets need not be aligned with frames [MQTT-6.0.0-2], and only binary frames are taken [MQTT-6.0.0-1].</summary>
sealed class WebSocketBytes(WebSocket socket, CancellationTokenSource closed) : Stream
{
    static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    /// <summary>A receive that goes on when the read that began it was canceled, and what it receives into; null: nothing, it waits for a frame.</summary>
    Task<ValueWebSocketReceiveResult>? _receiving;
    byte[]? _received;
    int _taken;
    int _count;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_taken < _count) return Take(buffer.Span);
            var result = await ReceiveAsync(buffer.Length, cancellationToken);
            if (result.MessageType == WebSocketMessageType.Close) return 0;
            if (result.MessageType != WebSocketMessageType.Binary)
            {
                socket.Abort();
                throw new IOException("A text frame is not MQTT.");
            }
            // An empty frame is not the end
            if (_count == 0 && buffer.IsEmpty) return 0;
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

    /// <summary>
    /// A WebSocket whose receive is canceled is dead, and one that has begun a frame waits for the rest of what was asked for: so only the wait
    /// ends, and the next read takes the receive up. Into memory of its own, for the caller's is gone by then.
    /// </summary>
    async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(int most, CancellationToken ct)
    {
        try
        {
            var result = await (_receiving ?? Begin(most)).WaitAsync(ct);
            _receiving = null;
            (_taken, _count) = (0, result.Count);
            if (_count == 0) GiveBack();
            return result;
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException)
        {
            throw new IOException("The WebSocket is gone.", e);
        }
    }

    Task<ValueWebSocketReceiveResult> Begin(int most)
    {
        _received = most == 0 ? null : ArrayPool<byte>.Shared.Rent(most);
        return _receiving = socket.ReceiveAsync(_received.AsMemory(0, most), CancellationToken.None).AsTask();
    }

    int Take(Span<byte> buffer)
    {
        var part = _received.AsSpan(_taken, Math.Min(buffer.Length, _count - _taken));
        part.CopyTo(buffer);
        _taken += part.Length;
        if (_taken == _count) GiveBack();
        return part.Length;
    }

    void GiveBack()
    {
        (_taken, _count) = (0, 0);
        if (_received is null) return;
        ArrayPool<byte>.Shared.Return(_received);
        _received = null;
    }
}
