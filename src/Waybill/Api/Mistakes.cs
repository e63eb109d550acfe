namespace Waybill.Api;

/// <summary>Everything wrong with one request.</summary>
sealed class InvalidRequestException(IReadOnlyList<FieldMistake> mistakes) : Exception("The request has mistakes.")
{
    public IReadOnlyList<FieldMistake> Mistakes => mistakes;
}

/// <summary>Collects what is wrong with a request, so that its sender learns all of it at once.</summary>
sealed class Mistakes
{
    readonly List<FieldMistake> _all = [];

    public bool Any => _all.Count > 0;

    public Mistakes Add(string field, string message)
    {
        _all.Add(new(field, message));
        return this;
    }

    /// <summary>A value that must be there and must follow its rule.</summary>
    public Mistakes Need(string field, bool valid, string allowed) => valid ? this : Add(field, $"must be {allowed}");

    /// <summary>A value that may be absent.</summary>
    public Mistakes May<T>(string field, T? value, Func<T, bool> valid, string allowed)
        where T : class => Need(field, value is null || valid(value), allowed);

    public void ThrowIfAny()
    {
        if (Any)
            throw new InvalidRequestException(_all);
    }
}
