using System.Net;
using Waybill.Tests.Protocols;
using Xunit;

namespace Waybill.Tests.Transcripts;

/// <summary>Every transcript played as the device, against the real server.</summary>
public sealed class ServerTranscriptTests
{
    public static TheoryData<string, string> Names =>
    [
        .. Transcript.Of("TencentHub").Select(t => ("TencentHub", t.Name)),
        .. Transcript.Of("TencentExplorer").Select(t => ("TencentExplorer", t.Name)),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_server_answers_as_written(string dialect, string name)
    {
        var transcript = Transcript.Of(dialect).Single(t => t.Name == name);
        // The grace time passes in a moment where the transcript moves the clock past it
        var passes = transcript.Steps.Any(s => s is { Mark: "*", Text: "grace" });
        await using var house = await House.StartAsync(("Transfers:Grace", passes ? "00:00:02" : "00:10:00"));
        await house.DeviceAsync(PlayedDevice.Product, PlayedDevice.Device);
        var speech = dialect == "TencentHub" ? PlayedSpeech.Hub : PlayedSpeech.Explorer;
        (await house.SendAsync("PUT", $"/api/v1/products/{PlayedDevice.Product}", speech.ProductBody)).Is(HttpStatusCode.OK);
        await using var device = new PlayedDevice(house, transcript.Device, speech);
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
