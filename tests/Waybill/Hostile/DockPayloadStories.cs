using System.Net;
using System.Text;
using FsCheck.Fluent;
using Waybill.Mqtt;
using Waybill.Tests.Dji;
using Waybill.Tests.Protocols;
using Xunit;

namespace Waybill.Tests.Hostile;

/// <summary>What docks must not say: of no consequence to anybody, nothing is set aside, the next question is answered.</summary>
public sealed class DockPayloadStories
{
    const string Dock = "4TADOCK0000001";
    const string OtherDock = "4TADOCK0000002";

    /// <summary>In the place of any value.</summary>
    static readonly string[] s_values =
        ["null", "true", "\"\"", "[]", "{}", "-1", "1e400", "99999999999999999999", "\"\\ud800\"", "\"\\u0000\"", "[[[[[[[[[[]]]]]]]]]]", "\"" + new string('x', 5000) + "\""];

    /// <summary>All that docks say in the transcripts.</summary>
    static readonly string[] s_lines = [.. from t in Transcript.Of("DjiCloud") from s in t.Steps where s.Mark == ">" && s.Text.Contains(Dock, StringComparison.Ordinal) select s.Text];

    [Fact]
    public async Task Whatever_stands_in_the_place_of_a_value_the_next_question_is_answered()
    {
        await using var house = await StartAsync();
        await using var dock = await HandDock.ConnectAsync(house, Dock);
        await using var other = await HandDock.ConnectAsync(house, OtherDock);
        foreach (var line in s_lines.DistinctBy(Shape))
        {
            foreach (var (text, i) in Replaced(line).Select((t, i) => (t, i)))
                await SayAsync(dock, text, i % 2 == 0 ? MqttQos.AtLeastOnce : MqttQos.AtMostOnce);
        }
        await EverybodyIsWellAsync(house, dock, other);
    }

    [Fact]
    public async Task Broken_messages_harm_nobody()
    {
        await using var house = await StartAsync();
        await using var dock = await HandDock.ConnectAsync(house, Dock);
        await using var other = await HandDock.ConnectAsync(house, OtherDock);
        var broken = from line in Gen.Elements(s_lines) from place in Gen.Choose(0, 400) from length in Gen.Choose(0, 12) from noise in Gen.Choose(0, 255) select (line, place, length, (byte)noise);
        foreach (var (line, place, length, noise) in broken.Sample(1500, 50))
        {
            var (topic, payload) = Parts(line);
            var bytes = Encoding.UTF8.GetBytes(payload);
            bytes.AsSpan(Math.Min(place, bytes.Length - 1), Math.Min(length, bytes.Length - Math.Min(place, bytes.Length - 1))).Fill(noise);
            await dock.Mqtt.PublishAsync(topic, bytes, MqttQos.AtMostOnce, House.Soon);
        }
        await EverybodyIsWellAsync(house, dock, other);
    }

    /// <summary>One value after the other is another's.</summary>
    static IEnumerable<string> Replaced(string line)
    {
        var (topic, payload) = Parts(line);
        for (var colon = payload.IndexOf(':', StringComparison.Ordinal); colon > 0; colon = payload.IndexOf(':', colon + 1))
        {
            var end = colon + 1;
            for (var depth = 0; end < payload.Length && (depth > 0 || payload[end] is not (',' or '}' or ']')); end++)
                depth += payload[end] switch { '{' or '[' => 1, '}' or ']' => -1, _ => 0 };
            foreach (var value in s_values)
                yield return $"{topic} {payload[..(colon + 1)]}{value}{payload[end..]}";
        }
    }

    static Task SayAsync(HandDock dock, string line, MqttQos qos)
    {
        var (topic, payload) = Parts(line);
        return dock.Mqtt.PublishAsync(topic, Encoding.UTF8.GetBytes(payload), qos, House.Soon);
    }

    static (string Topic, string Payload) Parts(string line)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        return (line[..blank], line[(blank + 1)..]);
    }

    static string Shape(string line) => new([.. line.Where(c => !char.IsAsciiDigit(c))]);

    static async Task EverybodyIsWellAsync(House house, HandDock dock, HandDock other)
    {
        await dock.AnswersToTheEndAsync();
        await other.NothingWasSaidAsync();
        Assert.Empty((await house.SendAsync("GET", "/api/v1/dead-messages")).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray());
    }

    static async Task<House> StartAsync()
    {
        var house = await House.StartAsync();
        (await house.SendAsync("PUT", "/api/v1/products/docks", """{"name":"Docks","dialects":["dji"],"dji":{"appId":"1","appKey":"k","appLicense":"l"}}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", "/api/v1/products/docks/organizations/org-1", """{"name":"Fire brigade","bindingCode":"code-1"}""")).Is(HttpStatusCode.Created);
        foreach (var sn in (string[])[Dock, OtherDock])
            (await house.SendAsync("PUT", $"/api/v1/products/docks/devices/{sn}", $$"""{"secret":"{{HandDock.Secret}}"}""")).Is(HttpStatusCode.Created);
        return house;
    }
}
