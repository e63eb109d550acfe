using System.Text.Json;
using Waybill.Data;
using Waybill.Tests.Objects;
using Xunit;

namespace Waybill.Tests.S3.Peers;

/// <summary>Debian's <c>awscli</c>.</summary>
public sealed class AwsCliStories
{
    [Fact]
    public async Task Files_of_odd_names_go_there_and_come_back()
    {
        await using var house = await S3House.StartAsync();
        using var shell = new PeerShell(house);
        var (up, down) = (shell.File("up"), shell.File("down"));
        OddNames.WriteTo(up);

        await AwsAsync(shell, "s3", "mb", "s3://cli");
        await AwsAsync(shell, "s3", "cp", "--recursive", "--quiet", up, "s3://cli/dir+1/");
        await AwsAsync(shell, "s3", "mv", "--recursive", "--quiet", "s3://cli/dir+1", "s3://cli/目 录");
        await AwsAsync(shell, "s3", "sync", "--quiet", "s3://cli/目 录", down);
        Assert.Equal(OddNames.Expected, OddNames.ReadFrom(down));

        var listed = await AwsAsync(shell, "s3", "ls", "--recursive", "--summarize", "s3://cli/");
        Assert.Contains($"Total Objects: {OddNames.All.Length}", listed, StringComparison.Ordinal);
        Assert.All(OddNames.All, name => Assert.Contains($"目 录/{name}\n", listed, StringComparison.Ordinal));
        await AwsAsync(shell, "s3", "rb", "--force", "s3://cli");
        Assert.Equal(0, await house.Database.FirstAsync<long>("select count(*) from s3_buckets where name = 'cli'", null, House.Soon));
    }

    [Fact]
    public async Task A_large_file_goes_in_parts_and_a_piece_of_it_comes_back()
    {
        await using var house = await S3House.StartAsync();
        using var shell = new PeerShell(house);
        var bytes = StoreDirectory.Random(17_000_001);
        await File.WriteAllBytesAsync(shell.File("big"), bytes, House.Soon);

        await AwsAsync(shell, "s3", "cp", "--quiet", "--metadata", "site=A", "--content-type", "video/mp4", shell.File("big"), "s3://bucket/big");
        var head = JsonElement.Parse(await AwsAsync(shell, "s3api", "head-object", "--bucket", "bucket", "--key", "big"));
        Assert.Equal((17_000_001, "video/mp4", "A"), (head.GetProperty("ContentLength").GetInt32(), head.GetProperty("ContentType").GetString(), head.GetProperty("Metadata").GetProperty("site").GetString()));
        Assert.EndsWith("-3\"", head.GetProperty("ETag").GetString(), StringComparison.Ordinal);
        await AwsAsync(shell, "s3api", "get-object", "--bucket", "bucket", "--key", "big", "--range", "bytes=9000000-16999999", shell.File("piece"));
        Assert.Equal(bytes[9_000_000..17_000_000], await File.ReadAllBytesAsync(shell.File("piece"), House.Soon));
        await AwsAsync(shell, "s3", "cp", "--quiet", "s3://bucket/big", "s3://bucket/copy");
        Assert.Equal(bytes, (await house.SendAsync(new("GET", "/bucket/copy"))).Body);
    }

    [Fact]
    public async Task Keys_are_listed_by_the_thousand_and_deleted()
    {
        await using var house = await S3House.StartAsync();
        using var shell = new PeerShell(house);
        await KeyRows.AddAsync(house.Database, 1001, n => $"多 + {n:D4}", "bucket");

        var keys = JsonElement.Parse(await AwsAsync(shell, "s3api", "list-objects-v2", "--bucket", "bucket", "--query", "Contents[].Key")).EnumerateArray().Select(k => k.GetString()).ToList();
        Assert.Equal(Enumerable.Range(0, 1001).Select(n => $"多 + {n:D4}"), keys);
        await AwsAsync(shell, "s3api", "delete-objects", "--bucket", "bucket", "--delete", """{"Objects":[{"Key":"多 + 0000"},{"Key":"多 + 1000"}]}""");
        Assert.Equal(999, await house.Database.FirstAsync<long>("select count(*) from s3_objects", null, House.Soon));
    }

    [Fact]
    public async Task Wrong_keys_and_roles_are_told_to_the_person()
    {
        await using var house = await S3House.StartAsync();
        using var shell = new PeerShell(house);
        using var wrong = new PeerShell(house, ("AWS_SECRET_ACCESS_KEY", "another-secret-0123456789"));
        Assert.Contains("SignatureDoesNotMatch", await AwsFailsAsync(wrong, "s3", "ls"), StringComparison.Ordinal);

        const string Policy = """{"Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::bucket/dock1/*"}]}""";
        var role = JsonElement.Parse(await AwsAsync(shell, "sts", "assume-role", "--role-arn", "arn:aws:iam::123456789012:role/dock", "--role-session-name", "job-1", "--policy", Policy))
            .GetProperty("Credentials");
        using var assumed = new PeerShell(
            house,
            ("AWS_ACCESS_KEY_ID", role.GetProperty("AccessKeyId").GetString()!),
            ("AWS_SECRET_ACCESS_KEY", role.GetProperty("SecretAccessKey").GetString()!),
            ("AWS_SESSION_TOKEN", role.GetProperty("SessionToken").GetString()!));
        await File.WriteAllTextAsync(assumed.File("log"), "hello", House.Soon);
        await AwsAsync(assumed, "s3", "cp", "--quiet", assumed.File("log"), "s3://bucket/dock1/log");
        Assert.Contains("AccessDenied", await AwsFailsAsync(assumed, "s3", "cp", assumed.File("log"), "s3://bucket/dock2/log"), StringComparison.Ordinal);
    }

    static Task<string> AwsAsync(PeerShell shell, params string[] arguments) => shell.RunAsync("sh", Command(arguments));

    static async Task<string> AwsFailsAsync(PeerShell shell, params string[] arguments)
    {
        var (code, output) = await shell.TryAsync("sh", Command(arguments));
        Assert.NotEqual(0, code);
        return output;
    }

    // the system's, whatever else of that name comes first on the path
    static string[] Command(string[] arguments) => ["-c", "exec /usr/bin/aws --endpoint-url $ENDPOINT \"$@\"", "aws", .. arguments];
}
