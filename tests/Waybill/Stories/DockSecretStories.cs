using Waybill.Tests.Protocols;
using Waybill.Tests.Transcripts;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>What docks and platform tell each other in confidence is told to nobody else.</summary>
public sealed class DockSecretStories
{
    /// <summary>What people can ask for after a conversation.</summary>
    static readonly string[] s_asked =
    [
        "products/docks", "products/docks/organizations", "products/docks/bindings", "products/docks/devices", $"products/docks/devices/{PlayedDock.Sn}",
        $"products/docks/devices/{PlayedDock.AircraftSn}", "logs", "upgrades", "events", "dead-messages", "buckets/dji/objects", $"products/docks/devices/{PlayedDock.Sn}/objects",
    ];

    [Theory]
    [InlineData("bring-up", "app-key", "app-licence", "code-1", "\"secret\"", "nonce", PlayedDockApi.Secret)]
    [InlineData("logs", "{secret}", "{token}", PlayedDockApi.Secret)]
    [InlineData("media", "{secret}", "{token}")]
    [InlineData("upgrade", "{url}")]
    public async Task No_log_event_or_answer_has_one(string name, params string[] secrets)
    {
        var directory = Directory.CreateTempSubdirectory("waybill-test-").FullName;
        await using (var server = ServerProcess.Start(
            directory, "serve", "--Waybill:Http:Port=0", "--Waybill:S3:Port=0", "--Waybill:Http:TryPort80=false", "--Waybill:Mqtt:Port=0", "--Waybill:Mqtt:TlsPort=0",
            "--Waybill:AdminKey=" + House.AdminKey, "--Logging:LogLevel:Default=Trace"))
        {
            using var api = new HttpClient { BaseAddress = await server.ApiAsync() };
            api.DefaultRequestHeaders.Authorization = new("Bearer", House.AdminKey);
            var hidden = new List<string>();
            await using (var dock = await PlayedDock.StartAsync(() => server.MqttPort, () => api))
            {
                foreach (var step in Transcript.Of("DjiCloud").Single(t => t.Name == name).Steps)
                    await dock.PlayAsync(step);
                hidden.AddRange(secrets.Select(s => s.StartsWith('{') ? dock.Word(s.Trim('{', '}')) : s));
            }
            foreach (var path in s_asked)
            {
                var answer = await (await api.GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative), House.Soon)).Content.ReadAsStringAsync(House.Soon);
                Assert.All(hidden, h => Assert.DoesNotContain(h, answer, StringComparison.Ordinal));
            }
            Assert.Equal(0, await server.StopAsync());
            Assert.All(hidden, h => Assert.DoesNotContain(h, server.Output, StringComparison.Ordinal));
        }
        Directory.Delete(directory, recursive: true);
    }
}
