using Waybill.Mqtt;
using Waybill.Mqtt.Broker;

namespace Waybill.Gate;

/// <summary>What who may not come in is told.</summary>
static class RefusedConnect
{
    /// <summary>The reason code. Of a certificate or a client id 5.0 is told in words as well what is wrong: they help nobody to guess a secret.</summary>
    public static MqttReasonCode Told(MqttSession session, RefusedException refusal)
    {
        if (refusal.Code.StartsWith("certificate_", StringComparison.Ordinal))
        {
            session.Refusal = refusal.Message;
            return MqttReasonCode.NotAuthorized;
        }
        if (refusal.Code == ClientIds.Taken)
        {
            session.Refusal = refusal.Message;
            return MqttReasonCode.ClientIdentifierNotValid;
        }
        return refusal.Code switch
        {
            "device_disabled" or "account_disabled" => MqttReasonCode.NotAuthorized,
            AdmissionLane.Busy => MqttReasonCode.ServerBusy,
            _ => MqttReasonCode.BadUserNameOrPassword,
        };
    }
}
