using System.Diagnostics.Metrics;

namespace Waybill.Dialects.TencentRegistration;

/// <summary>Secrets given and refused.</summary>
sealed class RegistrationMeter : IDisposable
{
    readonly Meter _meter = new("Waybill.Registration");
    readonly Counter<long> _issued;
    readonly Counter<long> _refused;

    public RegistrationMeter()
    {
        _issued = _meter.CreateCounter<long>("waybill.registration.issued", "{secret}", "Device secrets given for a product's");
        _refused = _meter.CreateCounter<long>("waybill.registration.refused", "{request}", "Registrations refused");
    }

    /// <param name="made">Whether the device was made for it.</param>
    public void Issued(bool made) => _issued.Add(1, new KeyValuePair<string, object?>("device", made ? "made" : "known"));

    /// <param name="code">Of a closed set.</param>
    public void Refused(string code) => _refused.Add(1, new KeyValuePair<string, object?>("reason", code));

    public void Dispose() => _meter.Dispose();
}
