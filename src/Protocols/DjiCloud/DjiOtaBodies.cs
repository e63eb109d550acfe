using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Reads the progress of upgrades.</summary>
static class DjiOtaBodies
{
    public static DjiUp Progress(JsonValue data)
    {
        if (data.Kind != JsonKind.Object)
            return new DjiUnusable("data is not an object");
        var output = data.Field("output"u8).Or(data);
        var progress = output.Field("progress"u8).Or(data.Field("progress"u8));
        return new DjiOtaProgress(
            data.Field("result"u8).Small() ?? 0,
            DjiLogBodies.Status(output) ?? DjiLogBodies.Status(data),
            progress.Field("percent"u8).Percent(),
            DjiOtaStep.Of(progress.Field("current_step"u8, "step_key"u8).Word(DjiUpReader.MaxId)),
            progress.Field("step_result"u8).Small() ?? 0,
            output.Field("ext"u8).Or(data.Field("ext"u8)).Field("rate"u8).Amount());
    }
}
