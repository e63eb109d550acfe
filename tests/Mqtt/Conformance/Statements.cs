namespace Waybill.Mqtt.Tests.Conformance;

/// <summary>
/// The normative statements of both specifications, by number as their appendices B list them, and why some do not apply here. The transport
/// is 4.2.0-1 in 5.0 and 7.1.1-1 and 7.1.2-1 in 3.1.1; the conformance clauses of 5.0 have no numbers.
/// </summary>
static class Statements
{
    const string NoAuth = "enhanced authentication is not offered";
    const string NoUserProperties = "neither side adds user properties of its own to this packet";
    const string NoReason = "no reason string is sent in this packet";
    const string BothQos = "all of QoS 0, 1 and 2 are supported";

    public static readonly (string Section, int Count)[] Of5 =
    [
        ("1.5.4", 3), ("1.5.5", 1), ("1.5.7", 1), ("2.1.3", 1), ("2.2.1", 6), ("2.2.2", 1), ("3.1.0", 2), ("3.1.2", 30), ("3.1.3", 12),
        ("3.1.4", 6), ("3.2.0", 2), ("3.2.2", 22), ("3.3.1", 13), ("3.3.2", 20), ("3.3.4", 10), ("3.4.2", 3), ("3.5.2", 3), ("3.6.1", 1),
        ("3.6.2", 3), ("3.7.2", 3), ("3.8.1", 1), ("3.8.3", 5), ("3.8.4", 8), ("3.9.2", 2), ("3.9.3", 2), ("3.10.1", 1), ("3.10.3", 2),
        ("3.10.4", 6), ("3.11.2", 2), ("3.11.3", 2), ("3.12.4", 1), ("3.14.0", 1), ("3.14.1", 1), ("3.14.2", 4), ("3.14.4", 3), ("3.15.1", 1),
        ("3.15.2", 3), ("4.1.0", 2), ("4.2.0", 1), ("4.3.1", 1), ("4.3.2", 5), ("4.3.3", 13), ("4.4.0", 2), ("4.5.0", 2), ("4.6.0", 6), ("4.7.0", 1),
        ("4.7.1", 2), ("4.7.2", 1), ("4.7.3", 4), ("4.8.2", 6), ("4.9.0", 3), ("4.12.0", 7), ("4.12.1", 2), ("4.13.1", 1), ("4.13.2", 1), ("6.0.0", 4),
    ];

    public static readonly (string Section, int Count)[] Of311 =
    [
        ("1.5.3", 3), ("2.2.2", 2), ("2.3.1", 7), ("3.1.0", 2), ("3.1.2", 24), ("3.1.3", 11), ("3.1.4", 5), ("3.2.0", 1), ("3.2.2", 6),
        ("3.3.1", 12), ("3.3.2", 3), ("3.3.4", 1), ("3.3.5", 2), ("3.6.1", 1), ("3.8.1", 1), ("3.8.3", 4), ("3.8.4", 6), ("3.9.3", 2), ("3.10.1", 1),
        ("3.10.3", 2), ("3.10.4", 6), ("3.12.4", 1), ("3.14.1", 1), ("3.14.4", 3), ("4.1.0", 2), ("4.3.1", 1), ("4.3.2", 2), ("4.3.3", 2), ("4.4.0", 1),
        ("4.5.0", 2), ("4.6.0", 6), ("4.7.1", 3), ("4.7.2", 1), ("4.7.3", 4), ("4.8.0", 2), ("6.0.0", 4), ("7.0.0", 2), ("7.1.1", 1), ("7.1.2", 1),
    ];

    public static readonly Dictionary<string, string> NotApplicable5 = new()
    {
        ["2.2.1-1"] = "the specification has no statement of this number",
        ["4.12.0-2"] = NoAuth,
        ["4.12.0-3"] = NoAuth,
        ["4.12.0-4"] = NoAuth,
        ["4.12.0-5"] = NoAuth,
        ["4.12.1-1"] = NoAuth,
        ["4.12.1-2"] = NoAuth,
        ["3.15.2-1"] = NoAuth,
        ["3.15.2-2"] = NoAuth,
        ["3.15.2-3"] = NoAuth,
        ["3.2.2-9"] = BothQos,
        ["3.2.2-10"] = BothQos,
        ["3.2.2-12"] = BothQos,
        ["3.2.2-20"] = NoUserProperties,
        ["3.4.2-3"] = NoUserProperties,
        ["3.5.2-3"] = NoUserProperties,
        ["3.6.2-3"] = NoUserProperties,
        ["3.7.2-3"] = NoUserProperties,
        ["3.9.2-2"] = NoUserProperties,
        ["3.11.2-2"] = NoUserProperties,
        ["3.14.2-4"] = NoUserProperties,
        ["3.6.2-2"] = NoReason,
        ["3.7.2-2"] = NoReason,
        ["3.9.2-1"] = NoReason,
        ["3.11.2-1"] = NoReason,
    };

    public static readonly Dictionary<string, string> NotApplicable311 = new()
    {
        ["3.8.3-2"] = "filters with wildcards are supported",
        ["3.2.2-6"] = "every refusal has a return code",
        ["7.0.0-1"] = "the broker opens no connections to other servers",
    };

    public static IEnumerable<string> Numbers((string Section, int Count)[] sections) =>
        sections.SelectMany(s => Enumerable.Range(1, s.Count).Select(n => $"{s.Section}-{n}"));
}
