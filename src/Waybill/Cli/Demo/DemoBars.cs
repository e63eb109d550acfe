using Spectre.Console;
using Waybill.Cli.Simulate;
using Waybill.Cli.Simulate.Docks;

namespace Waybill.Cli.Demo;

/// <summary>A bar for each transfer on a terminal; elsewhere a line when one ends.</summary>
sealed class DemoBars(IAnsiConsole console, Board board, DockBoard docks)
{
    static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    readonly HashSet<SimulatedTransfer> _told = [];
    readonly DockBars _docks = new(docks);

    public Task ShowAsync(Task running) => console.Moves()
        ? console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(progress => FollowAsync(running, Bars(progress)))
        : FollowAsync(running, Lines);

    static async Task FollowAsync(Task running, Action show)
    {
        while (await Task.WhenAny(running, Task.Delay(Every)) != running)
            show();
        show();
        await running;
    }

    Action Bars(ProgressContext progress)
    {
        var bars = new Dictionary<SimulatedTransfer, ProgressTask>();
        return () =>
        {
            _docks.Draw(progress);
            foreach (var transfer in board.Transfers)
            {
                if (!bars.TryGetValue(transfer, out var bar))
                    bars.Add(transfer, bar = progress.AddTask(Markup.Escape(Title(transfer)), maxValue: transfer.Content.Size));
                // Deleting moves no bytes
                bar.Value = transfer is { Kind: SimulatedKind.Removal, Outcome: not null } ? bar.MaxValue : transfer.Bytes;
                bar.Description = $"{Markup.Escape(Title(transfer))} {Colored(transfer)}";
            }
        };
    }

    void Lines()
    {
        _docks.Write(console);
        foreach (var transfer in board.Transfers.Where(t => t.Outcome is not null && _told.Add(t)))
            console.WriteLine($"{Title(transfer)}: {(transfer.Outcome!.IsOk ? "ok" : "failed")}{Trouble(transfer)}");
    }

    static string Title(SimulatedTransfer t) => $"{t.Device} {t.Variant,-6} {Verb(t.Kind)} {ByteSize.Text(t.Content.Size),7}";

    static string Verb(SimulatedKind kind) => kind switch
    {
        SimulatedKind.Upload => "uploads",
        SimulatedKind.Download => "fetches",
        _ => "deletes",
    };

    static string Trouble(SimulatedTransfer t) => t.Met == Faults.None ? "" : $" after {FaultWords.AllOf(t.Met)}";

    static string Colored(SimulatedTransfer t) => t switch
    {
        { Outcome.IsOk: true } => $"[green]ok{Trouble(t)}[/]",
        { Outcome: not null } => $"[red]failed{Trouble(t)}[/]",
        { Met: Faults.None } => "",
        _ => $"[yellow]{FaultWords.AllOf(t.Met)}[/]",
    };
}
