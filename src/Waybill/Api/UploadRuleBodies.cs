using Waybill.Files;
using Waybill.Quotas;

namespace Waybill.Api;

/// <summary>Rules as they are put: what is absent is without limit.</summary>
sealed record UploadRulesBody : IRequestBody
{
    const long MostNumber = 1_000_000_000;
    const long MostBytesOf = 1L << 50;
    const long MostPerHour = 10_000;
    const long MostDays = 36_500;
    const int MostTypes = 50;

    public long? MaxFiles { get; init; }
    public long? MaxBytes { get; init; }
    public long? PerHour { get; init; }
    public long? MaxSize { get; init; }
    public string[]? Types { get; init; }
    public long? KeepDays { get; init; }
    public long? KeepNewest { get; init; }

    public UploadRules AsRules() => new()
    {
        MaxFiles = MaxFiles,
        MaxBytes = MaxBytes,
        PerHour = PerHour,
        MaxSize = MaxSize,
        Types = Types,
        KeepDays = KeepDays,
        KeepNewest = KeepNewest,
    };

    public void Check(Mistakes mistakes)
    {
        Within(mistakes, "maxFiles", MaxFiles, 0, MostNumber);
        Within(mistakes, "maxBytes", MaxBytes, 0, MostBytesOf);
        Within(mistakes, "perHour", PerHour, 0, MostPerHour);
        Within(mistakes, "maxSize", MaxSize, 0, MostBytesOf);
        Within(mistakes, "keepDays", KeepDays, 1, MostDays);
        Within(mistakes, "keepNewest", KeepNewest, 1, MostNumber);
        mistakes.May("types", Types, AreTypes, $"a list of 1 to {MostTypes} types, each {FileNames.AllowedType}");
    }

    static void Within(Mistakes mistakes, string field, long? value, long least, long most) =>
        mistakes.Need(field, value is null || (value >= least && value <= most), $"{least} to {most}, or absent");

    static bool AreTypes(string[] types) => types.Length is > 0 and <= MostTypes && types.All(t => t is not null && FileNames.IsType(t));
}

/// <summary>The rules that hold; null: without limit.</summary>
/// <param name="From">Whose they are: <c>device</c>, <c>product</c>, or null where there are none.</param>
sealed record UploadRulesAnswer(string? From)
{
    public required long? MaxFiles { get; init; }
    public required long? MaxBytes { get; init; }
    public required long? PerHour { get; init; }
    public required long? MaxSize { get; init; }
    public required IReadOnlyList<string>? Types { get; init; }
    public required long? KeepDays { get; init; }
    public required long? KeepNewest { get; init; }

    /// <param name="all">All rules.</param>
    /// <param name="product">Whose.</param>
    /// <param name="device">Whose; <see cref="UploadRuleSet.WholeProduct"/> for the product's.</param>
    public static UploadRulesAnswer Of(UploadRuleSet all, string product, long device)
    {
        var own = device == UploadRuleSet.WholeProduct ? null : all.At(product, device);
        var products = all.At(product, UploadRuleSet.WholeProduct);
        var rules = own ?? products ?? new UploadRules();
        return new(own is not null ? "device" : products is not null ? "product" : null)
        {
            MaxFiles = rules.MaxFiles,
            MaxBytes = rules.MaxBytes,
            PerHour = rules.PerHour,
            MaxSize = rules.MaxSize,
            Types = rules.Types,
            KeepDays = rules.KeepDays,
            KeepNewest = rules.KeepNewest,
        };
    }
}

/// <summary>What a device has uploaded, against its rules.</summary>
/// <param name="Files">Kept and under way.</param>
/// <param name="Bytes">Theirs, as far as they were announced or have come.</param>
/// <param name="LastHour">Asked for within the last hour; counted where the rules need it.</param>
/// <param name="Rules">Those that hold.</param>
/// <param name="LastRefused">The last refusal since the server started.</param>
sealed record UploadStanding(long Files, long Bytes, long? LastHour, UploadRulesAnswer Rules, UploadRefusalAnswer? LastRefused);

sealed record UploadRefusalAnswer(string File, string Code, string Reason, DateTime At);
