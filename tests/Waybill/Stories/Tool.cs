using System.Diagnostics;
using System.Text;

namespace Waybill.Tests.Stories;

/// <summary>A program of the system, as a person at a keyboard runs it. Missing from the path it fails the test.</summary>
sealed class Tool : IAsyncDisposable
{
    readonly Process _process;
    readonly StringBuilder _output = new();

    Tool(string program, IEnumerable<string> arguments)
    {
        // into a pipe they would write whole blocks
        _process = new() { StartInfo = new("stdbuf", ["-oL", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false } };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static Tool Start(string program, params IEnumerable<string> arguments) => new(program, arguments);

    /// <summary>Runs it to its end: exit code and everything it wrote.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string program, params IEnumerable<string> arguments)
    {
        await using var tool = new Tool(program, arguments);
        return (await tool.ExitAsync(), tool.Output);
    }

    public Task SaysAsync(string part) => Eventually.IsAsync($"'{part}' in: {Output}", () => Output.Contains(part, StringComparison.Ordinal));

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(House.Soon);
        return _process.ExitCode;
    }

    /// <summary>Pulls the plug.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(House.Soon);
        _process.Dispose();
    }

    void Take(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.Append(line).Append('\n');
    }
}
