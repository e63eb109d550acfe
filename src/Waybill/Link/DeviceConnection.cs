using System.Net;
using System.Text;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker;

namespace Waybill.Link;

/// <summary>Who is at the other end: the row id, and the names its topics carry.</summary>
sealed record DeviceIdentity(long Id, string Product, string Name, IReadOnlyList<string> Dialects, string? DeviceUrl)
{
    /// <summary>Another server on this broker answers the device: what it says is heard by others too.</summary>
    public bool IsShared { get; init; }

    /// <summary>Names of the devices it speaks for, as they were when it came in.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>Both names are ASCII.</summary>
    public bool IsNamed(ReadOnlySpan<byte> product, ReadOnlySpan<byte> name) => Ascii.Equals(product, Product) && Ascii.Equals(name, Name);
}

/// <summary>One device on one connection. What it asked for is answered here or nowhere.</summary>
sealed class DeviceConnection(MqttSession session, DeviceIdentity device)
{
    volatile IReadOnlyList<IDialect> _listening = [];
    volatile IReadOnlyList<string> _members = [];

    public DeviceIdentity Device => device;

    public MqttSession Session => session;

    public bool IsOpen => session.IsOpen;

    /// <summary>When the device came in, in Unix milliseconds.</summary>
    public required long Since { get; init; }

    /// <summary>Where it came from.</summary>
    public EndPoint? Address => session.RemoteEndPoint;

    /// <summary>The dialects this device's product speaks, in the product's order.</summary>
    public required IReadOnlyList<IDialect> Dialects { get; init; }

    /// <summary>Those in which the device has its handlers in place: commands may be sent. In the product's order.</summary>
    public IReadOnlyList<IDialect> Listening => _listening;

    /// <summary>Base of this device's URLs, no slash at the end: chosen at connect.</summary>
    public required string UrlBase { get; init; }

    /// <summary>Serial numbers of the devices it speaks for.</summary>
    public IReadOnlyList<string> Members
    {
        get => _members;
        set => _members = value;
    }

    /// <summary>It speaks for this one no longer, and hears nothing of it.</summary>
    public void LoseMember(string sn)
    {
        _members = [.. _members.Where(m => m != sn)];
        session.ReviewSubscriptions();
    }

    /// <summary>Whether it speaks for a device of this name, its own included. Names are ASCII.</summary>
    public bool SpeaksFor(ReadOnlySpan<byte> name)
    {
        if (Ascii.Equals(name, device.Name))
            return true;
        foreach (var member in _members)
        {
            if (Ascii.Equals(name, member))
                return true;
        }
        return false;
    }

    /// <summary>Whether a dialect gives the topic to the device.</summary>
    public bool Owns(ReadOnlySpan<byte> topic)
    {
        foreach (var dialect in Dialects)
        {
            if (dialect.TryOwner(topic, out var name) && SpeaksFor(name))
                return true;
        }
        return false;
    }

    /// <summary>The dialect that claims the topic; null: ordinary MQTT.</summary>
    public IDialect? DialectOf(ReadOnlySpan<byte> topic)
    {
        foreach (var dialect in Dialects)
        {
            if (dialect.Claims(topic, this))
                return dialect;
        }
        return null;
    }

    /// <summary>From now on the device listens in this dialect. False: it did before.</summary>
    public bool Listen(IDialect dialect)
    {
        lock (session)
        {
            if (_listening.Contains(dialect))
                return false;
            IReadOnlyList<IDialect> listening = [.. Dialects.Where(d => d == dialect || _listening.Contains(d))];
            _listening = listening.Count == Dialects.Count ? Dialects : listening;
            return true;
        }
    }

    /// <param name="packetId">0 for a publish at QoS 0.</param>
    public void Acknowledge(ushort packetId)
    {
        if (packetId == 0)
            session.Release();
        else
            session.Acknowledge(packetId);
    }

    /// <summary>False when the device has not subscribed the topic or is gone.</summary>
    public bool Deliver(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload) => session.Deliver(topic, payload);

    public void Flush() => session.Flush();

    /// <summary>Ends the session: the device may come again, if it then may come in.</summary>
    public void Cut() => session.Disconnect(MqttReasonCode.AdministrativeAction);
}
