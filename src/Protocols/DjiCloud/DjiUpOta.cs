using System.Text;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Writes the progress of upgrades.</summary>
static class DjiUpOta
{
    public static void Progress(ref CompactJson json, DjiOtaProgress progress, DjiSpelling spelling)
    {
        json.Raw("{"u8);
        json.Member("result"u8, spelling.IsFlat && progress.Result == 0 ? null : progress.Result);
        if (!spelling.IsFlat)
            json.Raw(",\"output\":{"u8);
        json.Member(Encoding.ASCII.GetBytes(spelling.OtaStatus), progress.Status?.Word);
        json.Name("progress"u8);
        json.Raw("{"u8);
        json.Member("percent"u8, progress.Percent);
        Step(ref json, progress.Step, spelling);
        if (progress.StepResult != 0 || !spelling.IsFlat)
            json.Member("step_result"u8, progress.StepResult);
        json.Raw("}"u8);
        if (progress.Rate is { } rate)
        {
            json.Raw(",\"ext\":{"u8);
            json.Member("rate"u8, rate);
            json.Raw("}"u8);
        }
        json.Raw(spelling.IsFlat ? "}"u8 : "}}"u8);
    }

    static void Step(ref CompactJson json, DjiOtaStep? step, DjiSpelling spelling)
    {
        var name = Encoding.ASCII.GetBytes(spelling.Step);
        if (spelling.StepIsNumber && step?.Stage is DjiOtaStage.Download)
            json.Member(name, 1);
        else if (spelling.StepIsNumber && step?.Stage is DjiOtaStage.Upgrade)
            json.Member(name, 2);
        else
            json.Member(name, step?.Word);
    }
}
