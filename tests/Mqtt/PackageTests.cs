using System.IO.Compression;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Waybill.Mqtt.Tests.Peers;

namespace Waybill.Mqtt.Tests;

/// <summary>The package as a stranger meets it: the README's examples, and what the gallery shows.</summary>
public sealed class PackageTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("waybill-mqtt-package-");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(true);

    [Fact]
    public async Task The_examples_are_programs_of_ten_lines_that_talk_to_each_other()
    {
        var port = Mosquitto.FreePort();
        var programs = await Task.WhenAll(
            BuildAsync("broker", ("1883", $"{port}")),
            BuildAsync("client", ("Host = \"localhost\"", $"Host = \"localhost\", Port = {port}")));
        using var broker = new Dotnet(programs[0]);
        await broker.UntilAsync("Application started");
        using var client = new Dotnet(programs[1]);
        await client.UntilAsync("MqttMessage a/b (5 bytes)");
        client.Enter();
        Assert.Equal(0, await client.ExitAsync());
        broker.Terminate();
        Assert.Equal(0, await broker.ExitAsync());
    }

    [Fact]
    public async Task It_tells_what_it_is()
    {
        var configuration = typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        await Dotnet.RunAsync("pack", Source("Waybill.Mqtt.csproj"), "--no-build", "-c", configuration, "-o", _directory.FullName, "-nodeReuse:false");
        using var package = await ZipFile.OpenReadAsync(_directory.GetFiles("*.nupkg").Single().FullName, Ct);
        Assert.Superset(new HashSet<string> { "README.md", "lib/net10.0/Waybill.Mqtt.dll", "lib/net10.0/Waybill.Mqtt.xml" }, package.Entries.Select(e => e.FullName).ToHashSet());
        Assert.Equal(await File.ReadAllTextAsync(Source("README.md"), Ct), await ReadAsync(package, "README.md"));
        var described = XElement.Parse(await ReadAsync(package, "Waybill.Mqtt.nuspec")).Descendants().ToLookup(e => e.Name.LocalName, e => e.Value);
        Assert.Equal("MIT", Assert.Single(described["license"]));
        Assert.Equal("README.md", Assert.Single(described["readme"]));
        Assert.StartsWith("MQTT 3.1, 3.1.1 and 5.0 for .NET", Assert.Single(described["description"]), StringComparison.Ordinal);
        Assert.Contains("mqtt", Assert.Single(described["tags"]).Split(' '));
        Assert.Equal("Waybill contributors", Assert.Single(described["authors"]));
        Assert.Contains("Waybill contributors", Assert.Single(described["copyright"]), StringComparison.Ordinal);
        // As the README says: none but ASP.NET Core
        Assert.Empty(described["dependency"]);
    }

    /// <summary>Builds an example against the library that is tested here, and gives the program.</summary>
    async Task<string> BuildAsync(string name, (string Said, string Meant) port)
    {
        var readme = await File.ReadAllTextAsync(Source("README.md"), Ct);
        const string Begin = "```csharp\n", End = "\n```";
        var code = readme[readme.IndexOf($"## A {name} in ten lines", StringComparison.Ordinal)..];
        code = code[(code.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)..];
        code = code[..code.IndexOf(End, StringComparison.Ordinal)];
        Assert.InRange(code.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 1, 10);
        Assert.Contains(port.Said, code, StringComparison.Ordinal);

        var directory = _directory.CreateSubdirectory(name);
        var library = Path.Join(AppContext.BaseDirectory, "Waybill.Mqtt.dll");
        await File.WriteAllTextAsync(Path.Join(directory.FullName, "Program.cs"), code.Replace(port.Said, port.Meant, StringComparison.Ordinal), Ct);
        // What `dotnet new web` writes, with the library in the place of its package
        await File.WriteAllTextAsync(Path.Join(directory.FullName, $"{name}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{library}" />
              </ItemGroup>
            </Project>
            """, Ct);
        await Dotnet.RunAsync("build", directory.FullName, "-o", Path.Join(directory.FullName, "out"), "-nodeReuse:false");
        return Path.Join(directory.FullName, "out", $"{name}.dll");
    }

    static async Task<string> ReadAsync(ZipArchive package, string entry)
    {
        using var reader = new StreamReader(await package.GetEntry(entry)!.OpenAsync(Ct));
        return await reader.ReadToEndAsync(Ct);
    }

    static string Source(string file, [CallerFilePath] string path = "") => Path.GetFullPath(Path.Join(Path.GetDirectoryName(path), "../../src/Mqtt", file));
}
