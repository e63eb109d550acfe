using System.Text.RegularExpressions;
using Xunit;

namespace Waybill.Tests;

/// <summary>Rooms know those of their own storey and below, never those above (docs/architecture.md).</summary>
public sealed partial class Rooms
{
    static readonly string[][] Storeys =
    [
        ["Cli", "Api", "Gate", "S3", "Dialects"],
        ["Logs", "Upgrades", "Transfers", "Devices", "Files", "Quotas", "Webhooks", "Settings"],
        ["Line", "Objects", "Link", "Events", "Data", "Telemetry", "Tracing"],
    ];

    public static TheoryData<string> All => [.. Storeys.SelectMany(s => s)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_room_knows_nothing_of_the_rooms_above_it(string room)
    {
        var above = Storeys.TakeWhile(s => !s.Contains(room)).SelectMany(s => s).ToHashSet();
        var files = Directory.GetFiles(Path.Join(Checkout.Root, "src", "Waybill", room), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        var wrong = from file in files
                    from Match use in Use().Matches(File.ReadAllText(file))
                    where above.Contains(use.Groups["room"].Value)
                    select $"{Path.GetFileName(file)}: {use.Value}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_room_has_its_storey() =>
        Assert.Empty(Directory.GetDirectories(Path.Join(Checkout.Root, "src", "Waybill")).Select(d => Path.GetFileName(d)!)
            .Except([.. Storeys.SelectMany(s => s), "bin", "obj"]));

    [GeneratedRegex(@"\bWaybill\.(?<room>\w+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Use();
}
