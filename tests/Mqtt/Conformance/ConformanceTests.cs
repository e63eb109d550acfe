using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Waybill.Mqtt.Tests.Conformance;

/// <summary>The coverage table of the library's README says what the tests say. MQTT_WRITE_TABLE=1 writes it.</summary>
public sealed class ConformanceTests
{
    const string Begin = "<!-- conformance -->", End = "<!-- /conformance -->";

    static readonly Dictionary<(string, string), List<string>> s_tests = Collect();

    [Fact]
    public void The_table_in_the_README_is_true()
    {
        var path = Path.GetFullPath(Path.Combine(Here(), "../../../src/Mqtt/README.md"));
        var readme = File.ReadAllText(path);
        var (from, to) = (readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, readme.IndexOf(End, StringComparison.Ordinal));
        var table = "\n\n" + Table() + "\n";
        if (Environment.GetEnvironmentVariable("MQTT_WRITE_TABLE") == "1") File.WriteAllText(path, readme[..from] + table + readme[to..]);
        else Assert.Equal(table, readme[from..to]);
    }

    [Fact]
    public void Only_statements_that_exist_are_named()
    {
        foreach (var (version, number) in s_tests.Keys)
            Assert.Contains(number, Statements.Numbers(version == "5.0" ? Statements.Of5 : Statements.Of311));
    }

    static string Table()
    {
        var text = new StringBuilder();
        foreach (var (version, sections, notApplicable) in new[] { ("5.0", Statements.Of5, Statements.NotApplicable5), ("3.1.1", Statements.Of311, Statements.NotApplicable311) })
        {
            var numbers = Statements.Numbers(sections).ToArray();
            var open = numbers.Where(n => !notApplicable.ContainsKey(n) && !s_tests.ContainsKey((version, n))).ToArray();
            var applicable = numbers.Count(n => !notApplicable.ContainsKey(n));
            text.Append(CultureInfo.InvariantCulture, $"**MQTT {version}**: {applicable - open.Length} of {applicable} statements that apply are named by a test.");
            if (open.Length > 0) text.Append(" Not yet: ").AppendJoin(", ", open).Append('.');
            text.Append("\n\n| Statement | Test |\n|---|---|\n");
            foreach (var number in numbers)
            {
                var shown = notApplicable.TryGetValue(number, out var why) ? $"– {why}"
                    : s_tests.TryGetValue((version, number), out var tests) ? string.Join(", ", tests.Order(StringComparer.Ordinal)) : "not yet";
                text.Append(CultureInfo.InvariantCulture, $"| {number} | {shown} |\n");
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    static Dictionary<(string, string), List<string>> Collect()
    {
        var all = new Dictionary<(string, string), List<string>>();
        foreach (var method in typeof(ConformanceTests).Assembly.GetTypes().SelectMany(t => t.GetMethods()))
            foreach (var conforms in method.GetCustomAttributes<ConformsAttribute>())
                foreach (var number in conforms.Statements)
                {
                    if (!all.TryGetValue((conforms.Version, number), out var tests)) all[(conforms.Version, number)] = tests = [];
                    tests.Add($"{method.DeclaringType!.Name}.{method.Name}");
                }
        return all;
    }

    static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
