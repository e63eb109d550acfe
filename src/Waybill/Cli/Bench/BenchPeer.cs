using System.Diagnostics;

namespace Waybill.Cli.Bench;

/// <summary>A process that is measured: started here, on a directory of its own, ended with the measurement.</summary>
abstract class BenchPeer : IAsyncDisposable
{
    readonly Process _process;

    protected BenchPeer(ProcessStartInfo start, string directory)
    {
        Directory = directory;
        start.WorkingDirectory = directory;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} could not be started");
    }

    /// <summary>Where it listens for MQTT, on the loopback address.</summary>
    public int Port { get; protected set; }

    /// <summary>What it has used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    protected string Directory { get; }

    protected StreamReader Output => _process.StandardOutput;

    public virtual async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    protected static string NewDirectory() => System.IO.Directory.CreateTempSubdirectory("waybill-bench-").FullName;
}
