using System.Net;
using Waybill.Link;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;
using Waybill.Tracing;

namespace Waybill.Gate;

/// <summary>What traces hear at the gate: who comes in, who is refused and why, and how it ends. The packets they are told by the session itself.</summary>
sealed class GateTrace(Traces traces)
{
    const int LongestName = 128;

    /// <summary>A device was let in; CONNACK is not written yet.</summary>
    public void Admitted(MqttSession session, MqttConnect connect)
    {
        if (traces.IsAny && session.Tag is DeviceConnection { Device: var identity } && traces.Attach(session, identity) is { Device: var device })
            device.Say(Connect(device, session, connect));
    }

    public void Refused(MqttSession session, MqttConnect connect, MqttRefusal refusal)
    {
        if (!traces.IsAny)
            return;
        foreach (var device in traces.Claimed(refusal.Claim.Product, refusal.Claim.Device, refusal.Claim.User))
        {
            // it lives no longer than its CONNACK
            session.Trace = device.Watch;
            device.Say(Connect(device, session, connect));
            device.Say(Refusal(device, refusal));
        }
    }

    /// <summary>A session turned out to be a device: at once, or one that came with its product's login.</summary>
    public void Arrived(DeviceConnection connection)
    {
        if (traces.Attach(connection.Session, connection.Device) is not { IsNew: true, Device: var device })
            return;
        device.Say(device.Line(TraceSide.Note, "connected") with
        {
            Client = Cut(connection.Session.ClientId),
            Version = Word(connection.Session.Version),
            Address = AddressOf(connection.Session),
            Detail = "it is told from here on who it is",
        });
    }

    public void Left(DeviceConnection connection, MqttReasonCode reason)
    {
        if (!traces.IsAny || traces.Find(connection.Device.Product, connection.Device.Name) is not { } device)
            return;
        traces.Detach(connection.Session, connection.Device);
        device.Say(device.Line(TraceSide.Note, "ended") with { Reason = Reason(reason), Detail = Detail(reason) });
    }

    public void Refused(MqttRefusal refusal)
    {
        if (traces.IsAny && traces.Find(refusal.Claim.Product, refusal.Claim.Device) is { } device)
            device.Say(Refusal(device, refusal));
    }

    static TraceLine Connect(TracedDevice device, MqttSession session, MqttConnect connect) => device.Line(TraceSide.In, "CONNECT") with
    {
        Client = Cut(session.ClientId),
        User = connect.UserName is { } user ? UserOf(user) : null,
        Version = Word(connect.Version),
        KeepAlive = connect.KeepAliveSeconds,
        Clean = connect.CleanStart,
        Topic = connect.Will is { } will ? Cut(will.Topic) : null,
        Detail = connect.Will is null ? null : "topic is that of its will",
        Address = AddressOf(session),
    };

    static TraceLine Refusal(TracedDevice device, MqttRefusal refusal) => device.Line(TraceSide.Note, "refused") with
    {
        Reason = refusal.Reason,
        Detail = refusal.Detail,
        Topic = refusal.Topic,
        Address = refusal.Address?.ToString(),
    };

    /// <summary>A Tencent SDK's without the number it signs with; where there is no such form, nothing behind the first semicolon.</summary>
    static string UserOf(string user) => user.Split(';') switch
    {
        [var client, var app, _, var expiry] => $"{Cut(client)};{Cut(app)};{Redaction.Hidden};{Cut(expiry)}",
        [var whole] => Cut(whole),
        [var first, ..] => $"{Cut(first)};{Redaction.Hidden}",
        _ => "",
    };

    static string Word(MqttVersion version) => version switch
    {
        MqttVersion.V31 => "3.1",
        MqttVersion.V311 => "3.1.1",
        _ => "5.0",
    };

    static string Reason(MqttReasonCode reason) => reason switch
    {
        MqttReasonCode.Success => "disconnected",
        MqttReasonCode.UnspecifiedError => "connection_broken",
        _ => PacketLines.Word(reason),
    };

    static string Detail(MqttReasonCode reason) => reason switch
    {
        MqttReasonCode.Success => "it said DISCONNECT",
        MqttReasonCode.UnspecifiedError => "its connection ended without DISCONNECT",
        MqttReasonCode.KeepAliveTimeout => "it was silent for one and a half times its keep-alive",
        MqttReasonCode.SessionTakenOver => "the same client id connected again",
        MqttReasonCode.AdministrativeAction => "Waybill ended it: it was disabled, removed, or has another secret",
        MqttReasonCode.ServerShuttingDown => "Waybill stops",
        MqttReasonCode.QuotaExceeded => "it does not take what it is sent",
        _ => "it broke the protocol, or its limits",
    };

    static string? AddressOf(MqttSession session) => (session.RemoteEndPoint as IPEndPoint)?.ToString();

    static string Cut(string text) => PacketLines.Cut(text, LongestName);
}
