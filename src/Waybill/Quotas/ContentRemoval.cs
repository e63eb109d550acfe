using Waybill.Transfers;

namespace Waybill.Quotas;

/// <summary>The bytes of an upload go; the transfer stays and says why.</summary>
sealed class ContentRemoval(long id, string reason) : PlatformMessage
{
    public override void Need(TransferView view) => view.NeededIds.Add(id);

    protected override Decision Rule(TransferView view, Moment moment)
    {
        if (view.Find(id) is not { IsKept: true } kept)
            return Decision.Nothing;
        view.Released.Add(kept.Sha256!.Value);
        return new(Changed: kept with { Sha256 = null, Reason = reason });
    }
}
