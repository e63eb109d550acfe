using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Waybill.Cli.Simulate;

/// <summary>Shows a running simulation: a table that moves on a terminal, plain lines elsewhere.</summary>
sealed class SimulateTable(IAnsiConsole console, SimulationPlan plan, Board board)
{
    static readonly TimeSpan TableEvery = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(2);

    long _seenAt = Stopwatch.GetTimestamp();
    long _seenBytes;

    public Task ShowAsync(Task running) => console.Moves()
        ? console.Live(Table()).StartAsync(live => FollowAsync(running, TableEvery, () => live.UpdateTarget(Table())))
        : FollowAsync(running, LineEvery, () => console.WriteLine(Line()));

    static async Task FollowAsync(Task running, TimeSpan every, Action show)
    {
        while (await Task.WhenAny(running, Task.Delay(every)) != running)
            show();
        show();
        await running;
    }

    Table Table()
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn(new TableColumn("").RightAligned()).HideHeaders();
        table.AddRow("devices connected", $"{board.Connected} / {plan.Devices}");
        table.AddRow("transfers running", $"{board.Running}");
        table.AddRow("transfers ok", $"[green]{board.Ok}[/]");
        table.AddRow("transfers failed", board.Failed == 0 ? "0" : $"[red]{board.Failed}[/]");
        table.AddRow("attempts repeated", $"{board.Retries}");
        table.AddRow("uploaded", ByteSize.Text(board.BytesUp));
        table.AddRow("fetched", ByteSize.Text(board.BytesDown));
        table.AddRow("speed", ByteSize.Text(Speed()) + "/s");
        foreach (var fault in FaultWords.All.Where(f => board.Count(f) > 0))
            table.AddRow("fault: " + FaultWords.Of(fault), $"[yellow]{board.Count(fault)}[/]");
        return table;
    }

    string Line()
    {
        var faults = string.Concat(FaultWords.All.Where(f => board.Count(f) > 0).Select(f => $", {FaultWords.Of(f)} {board.Count(f)}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"devices {board.Connected}/{plan.Devices}, running {board.Running}, ok {board.Ok}, failed {board.Failed}, ")
            + $"up {ByteSize.Text(board.BytesUp)}, down {ByteSize.Text(board.BytesDown)}, {ByteSize.Text(Speed())}/s, repeated {board.Retries}{faults}";
    }

    long Speed()
    {
        var (bytes, seconds) = (board.BytesUp + board.BytesDown, Stopwatch.GetElapsedTime(_seenAt).TotalSeconds);
        var speed = (bytes - _seenBytes) / Math.Max(seconds, 0.001);
        (_seenBytes, _seenAt) = (bytes, Stopwatch.GetTimestamp());
        return (long)speed;
    }
}
