using Waybill.Data;
using Waybill.Tests.Objects;
using Xunit;

namespace Waybill.Tests.S3.Peers;

/// <summary>Debian's <c>s3cmd</c>.</summary>
public sealed class S3cmdStories
{
    [Fact]
    public async Task Files_of_odd_names_go_there_and_come_back()
    {
        await using var house = await S3House.StartAsync();
        using var shell = new PeerShell(house);
        var (up, down) = (shell.File("up"), shell.File("down"));
        OddNames.WriteTo(up);
        Directory.CreateDirectory(down);

        await RunAsync(shell, house, "mb", "s3://s3cmd");
        await RunAsync(shell, house, "put", "--recursive", up + "/", "s3://s3cmd/dir 1/");
        await RunAsync(shell, house, "mv", "s3://s3cmd/dir 1/a+b.txt", "s3://s3cmd/dir 1/移 动.txt");
        await RunAsync(shell, house, "cp", "s3://s3cmd/dir 1/移 动.txt", "s3://s3cmd/dir 1/a+b.txt");
        await RunAsync(shell, house, "rm", "s3://s3cmd/dir 1/移 动.txt");
        await RunAsync(shell, house, "sync", "s3://s3cmd/dir 1/", down + "/");
        Assert.Equal(OddNames.Expected, OddNames.ReadFrom(down));
        var listed = await RunAsync(shell, house, "ls", "--recursive", "s3://s3cmd");
        Assert.All(OddNames.All, name => Assert.Contains($"s3://s3cmd/dir 1/{name}\n", listed, StringComparison.Ordinal));
        await RunAsync(shell, house, "rb", "--force", "--recursive", "s3://s3cmd");
        Assert.DoesNotContain("s3://s3cmd", await RunAsync(shell, house, "ls"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_file_goes_in_parts()
    {
        await using var house = await S3House.StartAsync();
        using var shell = new PeerShell(house);
        var bytes = StoreDirectory.Random(11_000_000);
        await File.WriteAllBytesAsync(shell.File("big"), bytes, House.Soon);

        await RunAsync(shell, house, "put", "--multipart-chunk-size-mb=5", "--add-header=x-amz-meta-site:A", shell.File("big"), "s3://bucket/big");
        Assert.Contains("11000000", await RunAsync(shell, house, "info", "s3://bucket/big"), StringComparison.Ordinal);
        await RunAsync(shell, house, "get", "s3://bucket/big", shell.File("back"));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(shell.File("back"), House.Soon));
        Assert.EndsWith("-3", await house.Database.FirstAsync<string>("select etag from s3_objects", null, House.Soon), StringComparison.Ordinal);
    }

    static Task<string> RunAsync(PeerShell shell, S3House house, params string[] arguments) => shell.RunAsync(
        "s3cmd",
        [
            "--config=/dev/null", "--no-ssl", "--no-progress", $"--access_key={S3House.AccessKey}", $"--secret_key={S3House.Secret}", $"--host={house.Endpoint.Authority}",
            $"--host-bucket={house.Endpoint.Authority}", .. arguments,
        ]);
}
