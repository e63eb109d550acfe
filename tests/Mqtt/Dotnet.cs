using System.Diagnostics;

namespace Waybill.Mqtt.Tests;

/// <summary>A run of the <c>dotnet</c> command. Missing from the path it fails the test.</summary>
sealed class Dotnet : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process _process;

    public Dotnet(params string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Runs a command that must succeed.</summary>
    public static async Task RunAsync(params string[] arguments)
    {
        using var run = new Dotnet(arguments);
        var output = await run._process.StandardOutput.ReadToEndAsync(Ct).WaitAsync(Patience, Ct);
        if (await run.ExitAsync() != 0) Assert.Fail(output);
    }

    /// <summary>Reads what it prints, until a line with these words.</summary>
    public async Task UntilAsync(string words)
    {
        string? line;
        do line = await _process.StandardOutput.ReadLineAsync(Ct).AsTask().WaitAsync(Patience, Ct) ?? throw new EndOfStreamException($"It ended before it said '{words}'.");
        while (!line.Contains(words, StringComparison.Ordinal));
    }

    public void Enter() => _process.StandardInput.WriteLine();

    /// <summary>Asks it to stop, as a service manager does.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(Ct).WaitAsync(Patience, Ct);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
