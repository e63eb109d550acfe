using Waybill.Devices;
using Waybill.Mqtt.Broker;

namespace Waybill.Gate;

/// <summary>Who a client says to be that was refused, by what is registered.</summary>
sealed class Claims(DeviceClaims devices, AdmissionLanes lanes)
{
    /// <summary>Its CONNECT is as good as answered, so it is not waited for whether it is still there.</summary>
    public async ValueTask<Claim> OfAsync(MqttSession session, string? user, RefusedException refusal)
    {
        var claim = Claim.Of(session.ClientId, user, Admission.CertificateOf(session));
        // there is no room for another look
        if (refusal.Code == AdmissionLane.Busy)
            return claim;
        try
        {
            return await lanes.Devices.EnterAsync(ct => LookAsync(claim, ct), CancellationToken.None);
        }
        catch (RefusedException)
        {
            return claim;
        }
    }

    async ValueTask<Claim> LookAsync(Claim claim, CancellationToken ct)
    {
        if (claim is { Product: { } product, Device: { } device })
            return claim with { IsRegistered = await devices.IsRegisteredAsync(product, device, ct) };
        if (claim.User is null)
            return claim;
        return await devices.HolderAsync(claim.User, ct) is { } holder
            ? claim with { Product = holder.Product, Device = holder.Device, IsRegistered = holder.Device is not null }
            : claim with { IsOfNobody = true };
    }
}
