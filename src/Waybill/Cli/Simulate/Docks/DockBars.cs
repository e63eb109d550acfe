using Spectre.Console;

namespace Waybill.Cli.Simulate.Docks;

/// <summary>A bar for each trial of a dock on a terminal; elsewhere a line when one ends.</summary>
sealed class DockBars(DockBoard board)
{
    readonly HashSet<DockProof> _told = [];
    readonly Dictionary<DockProof, ProgressTask> _bars = [];

    public void Draw(ProgressContext progress)
    {
        foreach (var proof in board.Proofs)
        {
            if (!_bars.TryGetValue(proof, out var bar))
                _bars.Add(proof, bar = progress.AddTask(Title(proof)));
            bar.Value = proof.Percent;
            bar.Description = proof switch
            {
                { IsProven: true } => $"{Title(proof)} [green]proven[/]",
                { IsOver: true } => $"{Title(proof)} [red]not proven[/]",
                _ => $"{Title(proof)} {Markup.Escape(proof.Stage)}",
            };
        }
    }

    public void Write(IAnsiConsole console)
    {
        foreach (var proof in board.Proofs.Where(p => p.IsOver && _told.Add(p)))
            console.WriteLine($"{Title(proof)}: {(proof.IsProven ? "proven: " + proof.Trial.Expected() : "NOT proven: " + proof.Found)}");
    }

    static string Title(DockProof p) => $"{p.Dock} {p.Profile,-5} {p.Trial.Word()}";
}
