using System.CommandLine;
using Waybill.Cli;
using Waybill.Cli.Bench;
using Waybill.Cli.Demo;
using Waybill.Cli.Dock;
using Waybill.Cli.Simulate;
using Waybill.Cli.Trace;

var root = new RootCommand("Waybill moves files between devices and the cloud, under MQTT control.")
{
    ServeCommand.Make(),
    DemoCommand.Make(),
    SimulateCommand.Make(),
    DockCommand.Make(),
    TraceCommand.Make(),
    BenchCommand.Make(),
};
// the server has more to do after SIGTERM than the two seconds that it gets otherwise: sessions end one after the other
return await root.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
