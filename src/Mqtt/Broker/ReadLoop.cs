using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

// Hot. The buffer is the pipe reader's from ReadAsync to AdvanceTo; packets are read in place. One ReadAsync, all whole packets in it, one
// flush. While the application's answer is awaited the packet stays in the buffer and is read again afterwards. Per batch and per message
// nothing allocates. Watched by BrokerBenchmark.

/// <summary>Reads one connection from its first byte to its last.</summary>
sealed partial class ReadLoop(MqttBroker broker, MqttSession session, ConnectionContext connection, bool lingers)
{
    readonly PipeReader _input = connection.Transport.Input;
    readonly PacketDispatch _dispatch = new(broker, session);
    bool _peerIsGone;
    bool _entered;
    MqttWill? _will;

    public async Task RunAsync()
    {
        var opened = false;
        try
        {
            opened = await ConnectAsync();
            if (opened) await ReadAsync();
        }
        catch (OperationCanceledException) when (connection.ConnectionClosed.IsCancellationRequested)
        {
            _peerIsGone = true;
        }
#pragma warning disable CA1031 // A failing application ends this connection only
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailure(broker.Logger, session.ClientId, e);
            session.Disconnect(MqttReasonCode.ImplementationSpecificError);
        }
        await EndAsync(opened);
    }

    async ValueTask<bool> ConnectAsync()
    {
        MqttConnect? connect;
        while (true)
        {
            ReadResult result;
            try
            {
                result = await _input.ReadAsync();
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                _peerIsGone = true;
                return false;
            }
            var status = Handshake.Read(result.Buffer, broker.Options.MaximumConnectSize, out var consumed, out connect, out var error);
            if (status == MqttReadStatus.Ok)
            {
                session.Traffic.PacketsIn++;
                session.Traffic.BytesIn += result.Buffer.Slice(0, consumed).Length;
            }
            _input.AdvanceTo(consumed, status == MqttReadStatus.NeedMore ? result.Buffer.End : consumed);
            if (status == MqttReadStatus.Malformed) LogRefused(broker.Logger, connection.RemoteEndPoint, error);
            if (error == MqttReasonCode.UnsupportedProtocolVersion) Handshake.RefuseVersion(session);
            else if (status == MqttReadStatus.Malformed && connect is not null) Handshake.RefuseMalformed(session, error);
            if (status == MqttReadStatus.Ok) break;
            if (status == MqttReadStatus.Malformed || result.IsCanceled) return false;
            _peerIsGone = result.IsCompleted;
            if (_peerIsGone) return false;
        }

        session.Version = connect!.Version;
        session.Accept(connect, connect.ClientId.Length > 0 ? connect.ClientId : Handshake.NewClientId());
        var reason = Handshake.Check(connect, broker.Options);
        if (reason == MqttReasonCode.Success) reason = await broker.Application.ConnectAsync(session, connect, connection.ConnectionClosed);
        if (reason != MqttReasonCode.Success) return Refuse(reason);
        if (await broker.EnterAsync(session, connect) is not { } present) return Refuse(MqttReasonCode.ClientIdentifierNotValid);
        _entered = true;
        if (present) session.ReviewSubscriptions();
        session.Record();
        if (!Handshake.Accept(session, connect, broker.Options, present, broker.Application.ResponseInformation(session))) return false;
        _will = connect.Will;
        broker.CountClient();
        broker.Application.Connected(session);
        if (present) session.TellSubscriptions();
        session.Flush();
        return true;
    }

    bool Refuse(MqttReasonCode reason)
    {
        LogRefused(broker.Logger, connection.RemoteEndPoint, reason);
        Handshake.Refuse(session, reason);
        return false;
    }

    async ValueTask ReadAsync()
    {
        while (session.IsOpen)
        {
            ReadResult result;
            try
            {
                result = await _input.ReadAsync();
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                _peerIsGone = true;
                return;
            }
            session.Heard();
            var buffer = result.Buffer;
            while (_dispatch.Run(ref buffer) is var stop && stop != PacketDispatch.Stop.NeedMore)
            {
                session.Pause();
                if (stop == PacketDispatch.Stop.TooFast) await Task.Delay(TimeSpan.FromMilliseconds(_dispatch.Pause), broker.Time, connection.ConnectionClosed);
                else if (stop == PacketDispatch.Stop.JournalFull) await broker.Journal!.RoomAsync();
                else if (stop == PacketDispatch.Stop.WindowFull) await session.WaitForPlaceAsync();
                else _dispatch.Decided(ref buffer, await _dispatch.Deciding);
                session.Resume();
            }
            _input.AdvanceTo(buffer.Start, buffer.End);
            if (!result.IsCompleted) continue;
            _peerIsGone = true;
            return;
        }
    }

    async Task EndAsync(bool opened)
    {
        session.End();
        var reason = session.EndReason;
        var will = opened && reason != MqttReasonCode.Success ? _will : null;
        var stays = _entered && broker.MayStay(session);
        if (!stays) session.ForgetEverything();
        try
        {
            if (will is not null && !(stays && will.DelaySeconds > 0)) await broker.PublishWillAsync(session, will);
            if (opened) broker.Application.Disconnected(session, reason);
        }
#pragma warning disable CA1031 // A failing application must not leave a dead session in the way of the next
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailure(broker.Logger, session.ClientId, e);
        }
        if (stays) broker.Detach(session, will is { DelaySeconds: > 0 } ? will : null);
        broker.Leave(session);
        try
        {
            await session.CommittedAsync(connection.ConnectionClosed);
        }
        catch (OperationCanceledException)
        {
            // Nobody is there any more to learn of what is not committed
            connection.Abort();
            return;
        }
        await session.Output.Flushing;
        if (lingers && !_peerIsGone) await LingerAsync();
    }

    /// <summary>Gives the last packet time to leave; a peer that takes nothing must not keep the socket.</summary>
    async Task LingerAsync()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await connection.Transport.Output.CompleteAsync();
        using var closed = connection.ConnectionClosed.UnsafeRegister(static gone => ((TaskCompletionSource)gone!).TrySetResult(), gone);
        broker.GiveUpLater(gone);
        await gone.Task;
        connection.Abort();
    }

    [LoggerMessage(LogLevel.Information, "MQTT connection from {RemoteEndPoint} refused: {Reason}")]
    static partial void LogRefused(ILogger logger, System.Net.EndPoint? remoteEndPoint, MqttReasonCode reason);

    [LoggerMessage(LogLevel.Error, "The application failed in the MQTT session {ClientId}")]
    static partial void LogFailure(ILogger logger, string clientId, Exception exception);
}
