using Spectre.Console;

namespace Waybill.Cli.Dock;

/// <summary>What to type into Pilot 2, in its order.</summary>
static class PilotSheet
{
    public static void Write(TypedIntoPilot typed, IAnsiConsole console)
    {
        console.WriteLine("Type into DJI Pilot 2, on the remote control that is linked to the dock (Cloud Service, Other Platforms, Dock):");
        var table = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn("").HideHeaders();
        table.AddRow("MQTT gateway address", Markup.Escape(typed.Ask.Mqtt));
        table.AddRow("User name", Markup.Escape(typed.Ask.Sn));
        table.AddRow("Password", Markup.Escape(typed.Password ?? "the one it was given (lost: --new-secret)"));
        table.AddRow("Organization id", Markup.Escape(typed.Ask.Organization));
        table.AddRow("Device binding code", Markup.Escape(typed.BindingCode ?? "the one it was given (lost: --new-code)"));
        table.AddRow("Workspace name", Markup.Escape(typed.OrganizationName));
        console.Write(table);
        if (new Uri(typed.Ask.Mqtt).IsLoopback)
            console.WriteLine("A dock that goes to this address finds itself: give the one by which docks reach this server with --mqtt.");
    }
}
