namespace Waybill.Tests.Transcripts;

/// <summary>A <c>!</c> line: <c>PUT url key=value … -> status key=value …</c>.</summary>
sealed record HttpStep(string Method, Uri Url, IReadOnlyDictionary<string, string> Request, string Status, IReadOnlyDictionary<string, string> Response)
{
    /// <param name="text">With every variable filled in.</param>
    public static HttpStep Parse(string text)
    {
        var sides = text.Split(" -> ");
        var request = sides[0].Split(' ');
        var response = sides[1].Split(' ');
        return new(request[0], new Uri(request[1]), Pairs(request[2..]), response[0], Pairs(response[1..]));
    }

    /// <summary>The header lines a response must carry or gets: all but the body.</summary>
    public IEnumerable<(string Name, string Value)> ResponseHeaders => Response.Where(r => r.Key != "body").Select(r => (r.Key, r.Value.Replace('_', ' ')));

    /// <summary>Bytes of the response's body that the device still reads.</summary>
    public int? Take => Request.TryGetValue("take", out var take) ? int.Parse(take) : null;

    static Dictionary<string, string> Pairs(string[] words) => words.Select(w => w.Split('=', 2)).ToDictionary(w => w[0], w => w[1], StringComparer.Ordinal);
}
