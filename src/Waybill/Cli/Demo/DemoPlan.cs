using System.Security.Cryptography;
using Waybill.Cli.Simulate;
using Waybill.Cli.Simulate.Docks;
using Waybill.Device;

namespace Waybill.Cli.Demo;

/// <summary>Slow enough to watch, fast enough to wait for.</summary>
static class DemoPlan
{
    /// <summary>One dock of each generation.</summary>
    public static DockPlan Docks(SimulationPlan devices) => new()
    {
        Host = devices.Host,
        MqttPort = devices.MqttPort,
        Product = "demo-docks",
        Docks = DjiProfile.All.Count,
        Trials = [DockTrial.BringUp, DockTrial.Logs, DockTrial.Upgrade],
        LeastSize = 1 << 20,
        MostSize = 3 << 20,
        ReportInterval = TimeSpan.FromMilliseconds(200),
        Settle = TimeSpan.FromSeconds(30),
        Seed = devices.Seed,
        Run = devices.Run,
    };

    public static SimulationPlan Make(int mqttPort) => new()
    {
        Host = "127.0.0.1",
        MqttPort = mqttPort,
        Product = "WAYBILDEMO",
        Devices = 8,
        Prefix = "camera-",
        Secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)),
        Uploads = 1,
        Downloads = 1,
        Removals = 1,
        LeastSize = 1 << 20,
        MostSize = 5 << 20,
        Rate = 1 << 20,
        ConnectRate = 8,
        Faults = new() { Drop = 0.25, WrongMd5 = 0.15, Reboot = 0.15, Reflash = 0.15, Repeat = 0.1 },
        Settle = TimeSpan.FromSeconds(20),
        // With this one every kind of trouble is there
        Seed = 1,
        Run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3)),
    };
}
