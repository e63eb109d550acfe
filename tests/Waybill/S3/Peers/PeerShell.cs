using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.S3.Peers;

/// <summary>A person at a shell with an S3 program, the owner's keys in its environment and a directory of files.</summary>
sealed class PeerShell(S3House house, params (string Name, string Value)[] environment) : IDisposable
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("waybill-peer-").FullName;

    public string File(string name) => Path.Join(Directory, name);

    /// <summary>Runs it to its end: what it wrote. It must be content.</summary>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (code, output) = await TryAsync(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}\n{code}: {output}");
        return output;
    }

    /// <summary>The same where it may fail.</summary>
    public Task<(int Code, string Output)> TryAsync(string program, params string[] arguments) => Tool.RunAsync("env", [.. Settings(), program, .. arguments]);

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    IEnumerable<string> Settings() =>
    [
        // what a proxy of the machine may want is no matter of a server on this one
        "-u", "AWS_CA_BUNDLE", "-u", "HTTP_PROXY", "-u", "http_proxy",
        $"HOME={Directory}", "LC_ALL=C.UTF-8", $"AWS_ACCESS_KEY_ID={S3House.AccessKey}", $"AWS_SECRET_ACCESS_KEY={S3House.Secret}", "AWS_DEFAULT_REGION=us-east-1",
        "AWS_EC2_METADATA_DISABLED=true", $"ENDPOINT={house.Endpoint.OriginalString.TrimEnd('/')}",
        .. environment.Select(e => $"{e.Name}={e.Value}"),
    ];
}
