using System.Diagnostics;
using Xunit;

namespace Waybill.Tests.Objects;

public sealed class FullDiskTests
{
    [Theory]
    [InlineData(60_000)]
    [InlineData(8_000_000)]
    public async Task A_full_disk_is_logged_once_and_leaves_room_again(int size)
    {
        await using var disk = await SmallDisk.MountAsync();
        using var directory = new StoreDirectory(disk.Path);
        var small = StoreDirectory.Random(1000);
        (await directory.ReceiveAsync(small)).Dispose();
        await File.WriteAllBytesAsync(Path.Join(disk.Path, "ballast"), new byte[SmallDisk.Size - 64_000], TestContext.Current.CancellationToken);

        var full = await Assert.ThrowsAsync<IOException>(() => directory.ReceiveAsync(StoreDirectory.Random(size)));
        Assert.Contains("No space left on device", full.Message, StringComparison.Ordinal);
        Assert.Equal(["Error: The disk failed while t1 was stored"], directory.Journal.Lines);
        Assert.Empty(directory.Incoming);
        Assert.Equal(small, directory.Read(Assert.Single(directory.Objects)));

        File.Delete(Path.Join(disk.Path, "ballast"));
        (await directory.ReceiveAsync(StoreDirectory.Random(60_000))).Dispose();
        Assert.Equal(2, directory.Objects.Length);
    }

    /// <summary>A file system of 1 MiB; mounting one takes root.</summary>
    sealed class SmallDisk(string path) : IAsyncDisposable
    {
        public const int Size = 1 << 20;

        public string Path { get; } = path;

        public static async Task<SmallDisk> MountAsync()
        {
            Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "A small file system can be mounted by root on Linux only.");
            var path = Directory.CreateTempSubdirectory("waybill-full-").FullName;
            await RunAsync("mount", "-t", "tmpfs", "-o", $"size={Size}", "tmpfs", path);
            return new SmallDisk(path);
        }

        public async ValueTask DisposeAsync()
        {
            await RunAsync("umount", Path);
            Directory.Delete(Path);
        }

        static async Task RunAsync(string program, params string[] arguments)
        {
            using var process = Process.Start(program, arguments);
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
        }
    }
}
