using Waybill.Tests.Protocols;
using Xunit;

namespace Waybill.Tests.Transcripts;

/// <summary>The transcripts that can be played both ways, played as the server, against the device library.</summary>
public sealed class DeviceTranscriptTests
{
    static readonly string[] Dialects = ["TencentHub", "TencentExplorer"];

    public static TheoryData<string, string> Names => [.. Dialects
        .SelectMany(d => Transcript.Of(d).Where(t => t.Plays == "both").Select(t => (d, t.Name)))];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_device_speaks_as_written(string dialect, string name)
    {
        var transcript = Transcript.Of(dialect).Single(t => t.Name == name);
        await using var server = await PlayedServer.StartAsync(transcript);
        while (server.NextStep is { } step)
        {
            try
            {
                await server.PlayNextAsync();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{name}, line {step.Line}: {step.Mark} {step.Text}", e);
            }
        }
        await server.NothingIsLeftAsync();
    }
}
