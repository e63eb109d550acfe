namespace Waybill.Api.Tencent;

/// <summary>Offset and Limit.</summary>
sealed record CloudPage(int Offset, int Limit)
{
    const int Most = 250;

    public static CloudPage Of(ActionParameters parameters) =>
        new((int)parameters.Number("Offset", 0, int.MaxValue), (int)parameters.Number("Limit", 1, Most));
}
