using System.Text;

namespace Waybill.S3.Signing;

/// <summary>The parameters of a query in the order and spelling in which they are signed.</summary>
sealed class SignedQuery
{
    readonly List<(string Name, string Value)> parameters = [];

    public SignedQuery(string raw)
    {
        foreach (var range in raw.AsSpan().Split('&'))
        {
            var parameter = raw.AsSpan(range);
            if (parameter.IsEmpty)
                continue;
            var equals = parameter.IndexOf('=');
            parameters.Add(equals < 0
                ? (PercentEncoding.OfQuery(parameter), "")
                : (PercentEncoding.OfQuery(parameter[..equals]), PercentEncoding.OfQuery(parameter[(equals + 1)..])));
        }
        parameters.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name) is not 0 and var order ? order : string.CompareOrdinal(a.Value, b.Value));
    }

    /// <summary>The decoded value; null where it is not there, or more than once.</summary>
    public string? Find(string name)
    {
        string? found = null;
        foreach (var (n, value) in parameters)
        {
            if (n != name)
                continue;
            if (found is not null)
                return null;
            found = value;
        }
        return found is null ? null : Uri.UnescapeDataString(found);
    }

    public bool Has(string name) => parameters.Exists(p => p.Name == name);

    public void WriteTo(StringBuilder canonical, string? except)
    {
        var first = true;
        foreach (var (name, value) in parameters)
        {
            if (name == except)
                continue;
            if (!first)
                canonical.Append('&');
            canonical.Append(name).Append('=').Append(value);
            first = false;
        }
    }
}
