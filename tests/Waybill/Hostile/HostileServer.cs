using Waybill.Tests.Crash;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Hostile;

/// <summary>The real executable with two devices: one that misbehaves and one that must not notice.</summary>
sealed class HostileServer : IAsyncDisposable
{
    static readonly string[] s_errors = ["Z error ", "Z fatal ", "Exception", "   at "];

    readonly CrashGround _ground;
    int _uploads;

    HostileServer(CrashGround ground, CrashServer server) => (_ground, Server) = (ground, server);

    public CrashServer Server { get; }

    public static async Task<HostileServer> StartAsync()
    {
        var ground = await CrashGround.PrepareAsync();
        var server = await ground.StartAsync();
        await Fleet.RegisterAsync(server.Http, 2);
        return new(ground, server);
    }

    public Task<HubDevice> DeviceAsync(int number) => HubDevice.ConnectAsync(Server.MqttPort, Fleet.Device(number));

    /// <summary>A whole upload goes as ever.</summary>
    public async Task WorksAsync(HubDevice device)
    {
        var (name, bytes) = ($"good-{_uploads++}", new byte[] { 1, 2, 3 });
        Assert.Equal(System.Net.HttpStatusCode.OK, await HubDevice.PutAsync(Server.Http, await device.AskUploadAsync(name, bytes), bytes));
        await device.ReportAsync("upload", name);
    }

    /// <summary>Ended in good order, with no error and no exception in the log.</summary>
    public async Task HasCleanLogAsync()
    {
        Assert.Equal(0, await Server.StopAsync());
        var errors = Server.Output.Split('\n').Where(l => s_errors.Any(e => l.Contains(e, StringComparison.Ordinal))).ToList();
        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _ground.DisposeAsync();
    }
}
