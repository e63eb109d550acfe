using System.Collections.Frozen;

namespace Waybill.Objects.Credentials;

static class S3ActionNames
{
    const string Prefix = "s3:";

    static readonly FrozenDictionary<string, S3Actions> s_names = Enum.GetValues<S3Actions>()
        .Where(a => int.IsPow2((int)a))
        .ToFrozenDictionary(a => Prefix + a, StringComparer.OrdinalIgnoreCase);

    /// <summary>What <c>s3:PutObject</c>, <c>s3:Get*</c> or <c>*</c> names, in any case as in policies; nothing for what is unknown.</summary>
    public static S3Actions Find(string name)
    {
        if (!name.EndsWith('*'))
            return s_names.GetValueOrDefault(name);
        var start = name[..^1];
        if (start.Length > 0 && !start.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return S3Actions.None;
        return s_names.Where(n => n.Key.StartsWith(start, StringComparison.OrdinalIgnoreCase)).Aggregate(S3Actions.None, (all, n) => all | n.Value);
    }
}
