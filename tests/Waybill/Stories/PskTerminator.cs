using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

namespace Waybill.Tests.Stories;

/// <summary><c>contrib/tls-psk/terminator.mjs</c> in front of a house. Without node on the path the test fails.</summary>
sealed class PskTerminator : IAsyncDisposable
{
    readonly Process _process;
    readonly string _secrets;
    readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    readonly StringBuilder _output = new();

    PskTerminator(House house, string secrets)
    {
        _secrets = secrets;
        _process = new()
        {
            StartInfo = new("node", [Script(), "--listen", "127.0.0.1:0", "--upstream", $"127.0.0.1:{house.Server.MqttPort}", "--secrets", secrets])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
        };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Port { get; private set; }

    /// <summary>Everything it wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>With these lines in its secrets file.</summary>
    public static async Task<PskTerminator> StartAsync(House house, params string[] secrets)
    {
        var terminator = new PskTerminator(house, Write(house, secrets));
        try
        {
            var line = await terminator.SaysAsync("listening on port ");
            terminator.Port = int.Parse(line["listening on port ".Length..line.IndexOf(',', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
            return terminator;
        }
        catch
        {
            await terminator.DisposeAsync();
            throw;
        }
    }

    public async Task<string> SaysAsync(string part)
    {
        while (true)
        {
            var line = await _lines.Reader.ReadAsync(House.Soon);
            if (line.Contains(part, StringComparison.Ordinal))
                return line;
        }
    }

    /// <summary>Puts other lines into the secrets file and waits for what it says to that.</summary>
    public async Task ReplaceAsync(House house, string says, params string[] secrets)
    {
        File.Move(Write(house, secrets), _secrets, overwrite: true);
        await SaysAsync(says);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(House.Soon);
        _process.Dispose();
    }

    static string Script([CallerFilePath] string here = "") => Path.GetFullPath(Path.Join(here, "../../../../contrib/tls-psk/terminator.mjs"));

    static string Write(House house, string[] secrets)
    {
        var path = Path.Join(house.Directory, $"psk-{Guid.NewGuid():N}.csv");
        File.WriteAllLines(path, ["product,device,secret", .. secrets]);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    void Take(string? line)
    {
        if (line is null)
        {
            // with the process gone nobody should wait for more
            _lines.Writer.TryComplete();
            return;
        }
        lock (_output)
            _output.Append(line).Append('\n');
        _lines.Writer.TryWrite(line);
    }
}
