namespace Waybill.Device;

/// <summary>A device that stands on MQTT with the credentials of a Tencent product, whatever it speaks there.</summary>
public abstract class TencentDevice : IAsyncDisposable
{
    private protected TencentDevice()
    {
    }

    /// <summary>Ends when the device does: after <see cref="Abort"/> or disposal, or when the connection is lost and not made again.</summary>
    public Task Closed => Session.Closed;

    private protected abstract DeviceSession Session { get; }

    /// <summary>Ends the device as a power cut does: the connection breaks, nothing is said.</summary>
    public void Abort() => Session.Abort();

    /// <summary>Breaks off what is under way and disconnects.</summary>
    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
