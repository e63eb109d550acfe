using Waybill.Tests.Protocols;
using Xunit;

namespace Waybill.Tests.Transcripts;

/// <summary>Every transcript played as the device, against the real server.</summary>
public sealed class ServerTranscriptTests
{
    public static TheoryData<string> Names => [.. Transcript.Of("TencentHub").Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_server_answers_as_written(string name)
    {
        var transcript = Transcript.Of("TencentHub").Single(t => t.Name == name);
        // The grace time passes in a moment where the transcript moves the clock past it
        var passes = transcript.Steps.Any(s => s is { Mark: "*", Text: "grace" });
        await using var house = await House.StartAsync(("Transfers:Grace", passes ? "00:00:02" : "00:10:00"));
        await house.DeviceAsync(PlayedDevice.Product, PlayedDevice.Device);
        await using var device = new PlayedDevice(house, transcript.Device);
        foreach (var step in transcript.Steps)
        {
            try
            {
                await device.PlayAsync(step);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{name}, line {step.Line}: {step.Mark} {step.Text}", e);
            }
        }
        await device.NothingIsLeftAsync();
    }
}
