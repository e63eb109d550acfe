using Spectre.Console;

namespace Waybill.Cli.Simulate;

/// <summary>Where commands write: a terminal, or a file or pipe whose lines are not to be broken.</summary>
static class Terminal
{
    const int EndlessLine = 10_000;

    public static IAnsiConsole Open()
    {
        var console = AnsiConsole.Console;
        if (console.Profile.Out.IsTerminal)
            return console;
        console.Profile.Width = EndlessLine;
        console.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        console.Profile.Capabilities.Ansi = false;
        return console;
    }

    /// <summary>Whether what was written can be written over.</summary>
    public static bool Moves(this IAnsiConsole console) => console.Profile is { Out.IsTerminal: true, Capabilities.Interactive: true };
}
