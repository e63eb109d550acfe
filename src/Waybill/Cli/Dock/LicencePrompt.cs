using Spectre.Console;
using Waybill.Cli.Simulate;

namespace Waybill.Cli.Dock;

/// <summary>Asks for DJI's licence, where somebody is there to answer.</summary>
static class LicencePrompt
{
    /// <summary>Null: nobody is there.</summary>
    public static DjiLicence? Ask(IAnsiConsole console)
    {
        console.WriteLine("The product has no licence of DJI yet: make an app of the type Cloud API at developer.dji.com.");
        if (!console.Moves())
        {
            console.WriteLine("Give it with --app-id, --app-key and --app-license: no dock comes online without.");
            return null;
        }
        var id = console.Prompt(new TextPrompt<string>("App id:"));
        var key = console.Prompt(new TextPrompt<string>("App key:").Secret());
        return new(id, key, console.Prompt(new TextPrompt<string>("App basic license:").Secret()));
    }
}
