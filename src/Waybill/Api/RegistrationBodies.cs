using System.Text.Json.Serialization;
using Waybill.Devices;

namespace Waybill.Api;

/// <summary>Who gets a secret for the product's: <c>off</c>, <c>allow-list</c>, or <c>auto-create</c> up to a limit.</summary>
sealed record RegistrationBody(string? Policy, long? Limit)
{
    const long MostDevices = 1_000_000_000;

    public RegistrationRule AsRule() => new(RegistrationPolicyNames.Of(Policy!), Limit);

    /// <param name="body">Absent: nothing to check.</param>
    /// <param name="dialects">The product's, where they are known here.</param>
    /// <param name="mistakes">Where they are collected.</param>
    public static Mistakes Check(RegistrationBody? body, string[]? dialects, Mistakes mistakes) => body is null ? mistakes : mistakes
        .Need("registration.policy", body.Policy is { } policy && RegistrationPolicyNames.IsKnown(policy), $"one of {RegistrationPolicyNames.Allowed}")
        .Need("registration.policy", body.Policy is "off" || CanRegister(dialects), "off where no dialect is Tencent's")
        .Need("registration.limit", body.Limit is null or >= 0 and <= MostDevices, $"0 to {MostDevices}");

    static bool CanRegister(string[]? dialects) => dialects is null || dialects.Any(d => d is not null && DialectNames.IsTencent(d));
}

/// <param name="Policy">As it was put.</param>
/// <param name="Limit">Null: none.</param>
/// <param name="Made">How many devices made themselves and are still there: what the limit counts.</param>
/// <param name="SecretSet">Whether the product has a secret; it is never shown again.</param>
sealed record RegistrationView(string Policy, long? Limit, long Made, bool SecretSet)
{
    public static RegistrationView Of(Product p) =>
        new(RegistrationPolicyNames.Name(p.Policy), p.RegistrationLimit, p.RegistrationMade, p.HasRegistrationSecret);
}

/// <summary>A secret that firmware has already; absent: one is made. The one before is valid for the overlap, usually none.</summary>
sealed record RegistrationSecretBody(string? Secret, int? OverlapSeconds) : IRequestBody
{
    const int LongestOverlap = 10 * 365 * 24 * 3600;

    public void Check(Mistakes mistakes) => mistakes
        .May("secret", Secret, ProductSecret.IsValid, ProductSecret.Allowed)
        .Need("overlapSeconds", OverlapSeconds is null or >= 0 and <= LongestOverlap, $"0 to {LongestOverlap}");
}

/// <summary>The secret only where Waybill made it, and only here.</summary>
sealed record RegistrationSecretAnswer(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret, DateTime? PreviousValidUntil);

/// <summary>For how long; absent: a day.</summary>
sealed record OpenRegistrationBody(int? Seconds) : IRequestBody
{
    public const int Usual = 24 * 3600;
    const int Longest = 30 * 24 * 3600;

    public void Check(Mistakes mistakes) => mistakes.Need("seconds", Seconds is null or >= 0 and <= Longest, $"0 to {Longest}");
}

sealed record OpenRegistrationAnswer(DateTime OpenUntil);
