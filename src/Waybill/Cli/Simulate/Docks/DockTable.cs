using Spectre.Console;

namespace Waybill.Cli.Simulate.Docks;

/// <summary>Shows docks while they are at it, and what was proven.</summary>
static class DockTable
{
    static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(100);

    public static async Task<int> RunAsync(DockPlan plan, ApiClient api, IAnsiConsole console, CancellationToken ct)
    {
        var simulation = new DockSimulation(plan, api);
        await simulation.PrepareAsync(ct);
        await ShowAsync(simulation.Board, console, simulation.RunAsync(ct));
        Write(simulation.Board, console);
        return simulation.Board.Unproven.Any() ? 1 : 0;
    }

    /// <summary>By trial: how many docks, how many as it should be, and what that is.</summary>
    public static void Write(DockBoard board, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("docks").AddColumn("generations").AddColumn("proven").AddColumn("what");
        foreach (var trial in board.Proofs.GroupBy(p => p.Trial).OrderBy(g => g.Key))
        {
            var proven = trial.Count(p => p.IsProven);
            table.AddRow(trial.Key.Word(), string.Join(' ', trial.Select(p => p.Profile).Distinct()), proven == trial.Count() ? $"[green]{proven}[/]" : $"[red]{proven} of {trial.Count()}[/]", Markup.Escape(trial.Key.Expected()));
        }
        console.Write(table);
        var unproven = board.Unproven.ToList();
        console.WriteLine(unproven.Count == 0 ? $"All {board.Proofs.Count} trials of docks ended as they should." : $"{unproven.Count} of {board.Proofs.Count} trials of docks did not end as they should:");
        foreach (var p in unproven)
            console.WriteLine($"  {p.Dock} {p.Profile} {p.Trial.Word()}: must be {p.Trial.Expected()}; is: {p.Found}");
    }

    static Task ShowAsync(DockBoard board, IAnsiConsole console, Task running)
    {
        var bars = new DockBars(board);
        return console.Moves()
            ? console.Progress()
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
                .StartAsync(progress => FollowAsync(running, () => bars.Draw(progress)))
            : FollowAsync(running, () => bars.Write(console));
    }

    static async Task FollowAsync(Task running, Action show)
    {
        while (await Task.WhenAny(running, Task.Delay(s_every)) != running)
            show();
        show();
        await running;
    }
}
