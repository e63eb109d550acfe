using System.CommandLine;
using Waybill.Cli;

var root = new RootCommand("Waybill moves files between devices and the cloud, under MQTT control.")
{
    ServeCommand.Make(),
};
return await root.Parse(args).InvokeAsync();
