using System.Globalization;

namespace Waybill.Tests.Hostile;

/// <summary>What <c>/metrics</c> counts.</summary>
static class Metrics
{
    /// <summary>Messages of devices that could not be taken, of every kind.</summary>
    public static async Task<long> NonsenseAsync(HttpClient http)
    {
        var text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), House.Soon);
        return text.Split('\n').Where(l => l.StartsWith("waybill_dialect_nonsense_total{", StringComparison.Ordinal))
            .Sum(l => long.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}
