using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace Waybill.Tests;

/// <summary>The real executable, as an operator runs it.</summary>
sealed class ServerProcess : IAsyncDisposable
{
    readonly Process _process;
    readonly StringBuilder _output = new();
    readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static ServerProcess Start(string directory, params IEnumerable<string> arguments) => Start(directory, [], arguments);

    public static ServerProcess Start(string directory, IReadOnlyList<(string Name, string Value)> environment, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Join(AppContext.BaseDirectory, "waybill.dll"), .. arguments])
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var server = new ServerProcess(new Process { StartInfo = start });
        server._process.OutputDataReceived += (_, line) => server.Take(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Take(line.Data);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Where the API is served, once it is.</summary>
    public async Task<Uri> ApiAsync()
    {
        await Task.WhenAny(_listening.Task, _process.WaitForExitAsync(House.Soon)).WaitAsync(House.Soon);
        Assert.True(_listening.Task.IsCompleted, Output);
        var line = Output.Split('\n').First(l => l.Contains("Listening on http", StringComparison.Ordinal));
        return new($"http://127.0.0.1:{line.Split("]:")[1].Split(' ')[0]}");
    }

    /// <summary>Once <see cref="ApiAsync"/> is known.</summary>
    public int MqttPort => int.Parse(Output.Split("Listening for MQTT on port ")[1].Split(',', '\n')[0], CultureInfo.InvariantCulture);

    /// <summary>The same with TLS.</summary>
    public int MqttTlsPort => int.Parse(Output.Split("Listening for MQTT over TLS on port ")[1].Split(',', '\n')[0], CultureInfo.InvariantCulture);

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(House.Soon);
        return _process.ExitCode;
    }

    /// <summary>SIGTERM.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync(House.Soon);
        return await ExitAsync();
    }

    /// <summary>SIGKILL.</summary>
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
        if (line.Contains("Waybill is ready", StringComparison.Ordinal))
            _listening.TrySetResult();
    }
}
