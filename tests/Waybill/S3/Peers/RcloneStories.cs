using Waybill.Data;
using Waybill.Tests.Objects;
using Xunit;

namespace Waybill.Tests.S3.Peers;

/// <summary>Debian's <c>rclone</c>.</summary>
public sealed class RcloneStories
{
    [Fact]
    public async Task A_tree_of_odd_names_is_copied_checked_listed_and_purged()
    {
        await using var house = await S3House.StartAsync();
        using var shell = Shell(house);
        var (up, down) = (shell.File("up"), shell.File("down"));
        OddNames.WriteTo(up);

        await shell.RunAsync("rclone", "mkdir", "w:tree");
        await shell.RunAsync("rclone", "copy", up, "w:tree/dir 1");
        await shell.RunAsync("rclone", "check", "--one-way", "--download", up, "w:tree/dir 1");
        await shell.RunAsync("rclone", "move", "w:tree/dir 1", "w:tree/目录+2");
        await shell.RunAsync("rclone", "sync", "w:tree/目录+2", down);
        Assert.Equal(OddNames.Expected, OddNames.ReadFrom(down));
        var listed = (await shell.RunAsync("rclone", "lsf", "-R", "--files-only", "w:tree/目录+2")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(OddNames.All.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        await shell.RunAsync("rclone", "purge", "w:tree");
        Assert.Equal("bucket/\n", await shell.RunAsync("rclone", "lsf", "w:"));
    }

    [Fact]
    public async Task A_large_file_goes_in_parts_and_a_piece_of_it_comes_back()
    {
        await using var house = await S3House.StartAsync();
        using var shell = Shell(house);
        var bytes = StoreDirectory.Random(12_000_000);
        await File.WriteAllBytesAsync(shell.File("big"), bytes, House.Soon);

        await shell.RunAsync("rclone", "copyto", "--s3-upload-cutoff", "5M", "--s3-chunk-size", "5M", shell.File("big"), "w:bucket/big");
        var etag = await house.Database.FirstAsync<string>("select etag from s3_objects where key = 'big'", null, House.Soon);
        Assert.EndsWith("-3", etag, StringComparison.Ordinal);
        // server side, as parts
        await shell.RunAsync("rclone", "copyto", "--s3-copy-cutoff", "5M", "w:bucket/big", "w:bucket/copy");
        await shell.RunAsync("rclone", "copyto", "--multi-thread-streams", "4", "--multi-thread-cutoff", "1M", "w:bucket/copy", shell.File("back"));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(shell.File("back"), House.Soon));
        Assert.Equal($"{Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(bytes))}  big\n", await shell.RunAsync("rclone", "md5sum", "w:bucket/big"));
        await shell.RunAsync("sh", "-c", "cd && rclone cat --offset 5000000 --count 100 w:bucket/big > piece && rclone link w:bucket/big > link", "sh");
        Assert.Equal(bytes[5_000_000..5_000_100], await File.ReadAllBytesAsync(shell.File("piece"), House.Soon));
        Assert.Equal(bytes, (await house.FetchAsync((await File.ReadAllTextAsync(shell.File("link"), House.Soon)).Trim())).Is(System.Net.HttpStatusCode.OK).Body);
    }

    static PeerShell Shell(S3House house) => new(
        house,
        ("RCLONE_CONFIG", "none"), ("RCLONE_CONFIG_W_TYPE", "s3"), ("RCLONE_CONFIG_W_PROVIDER", "Other"), ("RCLONE_CONFIG_W_ACCESS_KEY_ID", S3House.AccessKey),
        ("RCLONE_CONFIG_W_SECRET_ACCESS_KEY", S3House.Secret), ("RCLONE_CONFIG_W_ENDPOINT", house.Endpoint.OriginalString), ("RCLONE_CONFIG_W_REGION", "us-east-1"),
        ("RCLONE_LOW_LEVEL_RETRIES", "1"), ("RCLONE_RETRIES", "1"), ("RCLONE_LOG_LEVEL", "ERROR"));
}
