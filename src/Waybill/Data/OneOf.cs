using Dapper;

namespace Waybill.Data;

/// <summary>A condition on a column with a short list of texts; null allows all. Both databases read it, and both use an index for it.</summary>
sealed record OneOf(string Column, string Name, IReadOnlyList<string>? Texts)
{
    public string Sql => Texts switch
    {
        null => "",
        [] => " and 1 = 0",
        _ => $" and {Column} in ({string.Join(", ", Values.Select(v => "@" + v.Name))})",
    };

    public IEnumerable<(string Name, object Value)> Values => (Texts ?? []).Select((text, i) => ($"{Name}{i}", (object)text));

    /// <summary>These values beside the others of a statement.</summary>
    public DynamicParameters With(object others)
    {
        var all = new DynamicParameters(others);
        foreach (var (name, value) in Values)
            all.Add(name, value);
        return all;
    }
}
