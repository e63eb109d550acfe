namespace Waybill.Mqtt.Client;

/// <summary>What carries the bytes of a connection: TCP, TLS on it, or a WebSocket.</summary>
interface IWire : IDisposable
{
    Stream Stream { get; }

    /// <summary>Nothing more is sent; the other side closes.</summary>
    void FinishSending();

    /// <summary>Breaks the connection.</summary>
    void Reset();
}
