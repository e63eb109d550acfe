using System.Diagnostics;
using Xunit;

namespace Waybill.Tests;

/// <summary>A file system of a few MiB; mounting one takes root.</summary>
sealed class SmallDisk(string path) : IAsyncDisposable
{
    string Ballast { get; } = System.IO.Path.Join(path, "ballast");

    public string Path { get; } = path;

    public static async Task<SmallDisk> MountAsync(int size)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "A small file system can be mounted by root on Linux only.");
        var path = Directory.CreateTempSubdirectory("waybill-full-").FullName;
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path);
        return new SmallDisk(path);
    }

    /// <summary>Takes all room but this many bytes.</summary>
    public async Task FillAsync(long but = 0)
    {
        await using var file = new FileStream(Ballast, FileMode.Append);
        var room = new DriveInfo(Path).AvailableFreeSpace - but;
        await file.WriteAsync(new byte[room]);
    }

    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        // lazily: a test that failed may still have files open
        await RunAsync("umount", "-l", Path);
        Directory.Delete(Path);
    }

    static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
