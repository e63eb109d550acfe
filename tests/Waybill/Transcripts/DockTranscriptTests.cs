using Waybill.Tests.Protocols;
using Xunit;

namespace Waybill.Tests.Transcripts;

/// <summary>Every transcript of docks played as the dock, against the real server.</summary>
public sealed class DockTranscriptTests
{
    public static TheoryData<string> Names => [.. Transcript.Of("DjiCloud").Where(t => t.Plays == "server").Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_server_answers_as_written(string name)
    {
        var transcript = Transcript.Of("DjiCloud").Single(t => t.Name == name);
        await using var house = await House.StartAsync();
        await using var dock = await PlayedDock.StartAsync(house);
        foreach (var step in transcript.Steps)
        {
            try
            {
                await dock.PlayAsync(step);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{name}, line {step.Line}: {step.Mark} {step.Text}", e);
            }
        }
        await dock.NothingIsLeftAsync();
    }
}
