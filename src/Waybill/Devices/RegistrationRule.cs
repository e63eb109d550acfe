namespace Waybill.Devices;

/// <summary>Which devices of a product get their secret for the product's (dynamic registration).</summary>
enum RegistrationPolicy
{
    Off = 0,

    /// <summary>Those an operator has registered.</summary>
    AllowList = 1,

    /// <summary>Any: unknown ones are made.</summary>
    AutoCreate = 2,
}

/// <param name="Policy">Which devices.</param>
/// <param name="Limit">How many may have made themselves at a time; null: any number.</param>
sealed record RegistrationRule(RegistrationPolicy Policy, long? Limit)
{
    public static RegistrationRule Off { get; } = new(RegistrationPolicy.Off, null);
}

/// <summary>What policies are called in the API.</summary>
static class RegistrationPolicyNames
{
    static readonly string[] s_all = ["off", "allow-list", "auto-create"];

    public static string Allowed { get; } = string.Join(", ", s_all);

    public static bool IsKnown(string name) => s_all.Contains(name, StringComparer.Ordinal);

    public static RegistrationPolicy Of(string name) => (RegistrationPolicy)Array.IndexOf(s_all, name);

    public static string Name(RegistrationPolicy policy) => s_all[(int)policy];
}
