using System.Numerics;
using Dapper;

namespace Waybill.Data;

/// <summary>
/// Row ids for <c>in</c>, as parameters: their number is a power of two, the last one repeated. So a statement has few texts, of each of
/// which Dapper and the databases keep what they have made.
/// </summary>
sealed class IdList
{
    readonly long[] _ids;

    public IdList(IEnumerable<long> ids) => _ids = [.. ids.Distinct()];

    public bool IsEmpty => _ids.Length == 0;

    /// <summary>With its parentheses. Not for an empty one.</summary>
    public string Sql => $"({string.Join(", ", Enumerable.Range(0, Places).Select(Name))})";

    int Places => (int)BitOperations.RoundUpToPowerOf2((uint)_ids.Length);

    /// <summary>The ids beside the other values of a statement.</summary>
    public DynamicParameters With(object? others = null)
    {
        var all = new DynamicParameters(others);
        for (var i = 0; i < Places; i++)
            all.Add(Name(i), _ids[Math.Min(i, _ids.Length - 1)]);
        return all;
    }

    static string Name(int place) => $"@id{place}";
}
