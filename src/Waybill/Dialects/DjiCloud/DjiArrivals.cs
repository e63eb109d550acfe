using System.Globalization;
using Waybill.Devices.Gateways;
using Waybill.Line;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Dialects.DjiCloud;

/// <summary>What a dock was answered while it came, for those who wait beside it.</summary>
static class DjiArrivals
{
    public static void Note(GatewayArrivals arrivals, LineMessage message)
    {
        if (message is not IDjiAnswered { Heard: var heard } answered || message is not (DjiProductRequest or DjiTopologySaid))
            return;
        var sn = heard.Device.Name;
        switch (heard.Said, answered.Answer)
        {
            case (DjiConfigAsked, var answer):
                arrivals.Done(sn, ArrivalStep.Config);
                Note(arrivals, sn, ArrivalStep.Licence, answer is DjiConfig ? 0 : DjiErrorCodes.NotPossible);
                break;
            case (DjiBindStatusAsked, DjiBindStatus(var devices)) when devices.FirstOrDefault(d => d.Sn == sn) is { Organization: not null }:
                arrivals.Done(sn, ArrivalStep.Bound);
                break;
            case (DjiOrganizationAsked, DjiResult(not 0 and var code)):
                Note(arrivals, sn, ArrivalStep.Bound, code);
                break;
            case (DjiBindAsked, DjiBindOutcome(var devices)):
                Note(arrivals, sn, ArrivalStep.Bound, devices.FirstOrDefault(d => d.Code != 0)?.Code ?? 0);
                break;
            case (DjiTopology, _):
                arrivals.Done(sn, ArrivalStep.Topology);
                break;
        }
    }

    static void Note(GatewayArrivals arrivals, string sn, ArrivalStep step, int code)
    {
        if (code == 0)
            arrivals.Done(sn, step);
        else
            arrivals.Failed(sn, step, code.ToString(CultureInfo.InvariantCulture));
    }
}
