using Waybill.Devices;
using Waybill.Quotas;

namespace Waybill.Api;

/// <summary>What a device has uploaded, the rules that hold for it, and why it was refused last.</summary>
sealed class UploadLook(DeviceRegistry devices, UploadCount count, UploadRuleBook book, UploadRefusals refusals)
{
    public async Task<UploadStanding> AtAsync(Product product, string name, CancellationToken ct)
    {
        var device = await devices.GetAsync(product, name, ct);
        var all = book.Current;
        var usage = await count.OfAsync(device.Id, except: null, ct);
        var last = refusals.LastOf(device.Id) is { } refusal ? new UploadRefusalAnswer(refusal.File, refusal.Code, refusal.Reason, Times.Utc(refusal.At)) : null;
        var counted = all.For(product.Name, device.Id) is { NeedUsage: true };
        return new(usage.Files, usage.Bytes, counted ? usage.LastHour : null, UploadRulesAnswer.Of(all, product.Name, device.Id), last);
    }
}
