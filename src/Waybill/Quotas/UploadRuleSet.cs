using System.Collections.Immutable;

namespace Waybill.Quotas;

/// <summary>All rules there are, at one moment.</summary>
sealed class UploadRuleSet
{
    /// <summary>The place of a product's own rules: no device has it.</summary>
    public const long WholeProduct = 0;

    readonly ImmutableDictionary<(string Product, long Device), UploadRules> _rules;

    UploadRuleSet(ImmutableDictionary<(string Product, long Device), UploadRules> rules) => _rules = rules;

    public static UploadRuleSet Empty { get; } = new(ImmutableDictionary<(string Product, long Device), UploadRules>.Empty);

    public bool IsEmpty => _rules.IsEmpty;

    public static UploadRuleSet Of(IEnumerable<((string Product, long Device) Place, UploadRules Rules)> all) =>
        new(all.ToImmutableDictionary(r => r.Place, r => r.Rules));

    /// <summary>The device's own rules, or its product's; null: none.</summary>
    public UploadRules? For(string product, long device) =>
        IsEmpty ? null : _rules.GetValueOrDefault((product, device)) ?? _rules.GetValueOrDefault((product, WholeProduct));

    /// <summary>Rules of exactly this place.</summary>
    public UploadRules? At(string product, long device) => _rules.GetValueOrDefault((product, device));

    /// <summary>Without those of a product and its devices.</summary>
    public UploadRuleSet Without(string product) => new(_rules.RemoveRange(_rules.Keys.Where(k => k.Product == product)));

    /// <param name="product">Whose.</param>
    /// <param name="device">Whose; <see cref="WholeProduct"/> for the product's.</param>
    /// <param name="rules">Null takes them away.</param>
    public UploadRuleSet With(string product, long device, UploadRules? rules) =>
        new(rules is null ? _rules.Remove((product, device)) : _rules.SetItem((product, device), rules));
}
