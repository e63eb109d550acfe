using System.Net;
using Waybill.Cli.Simulate;
using Xunit;

namespace Waybill.Tests.Simulate;

/// <summary><c>waybill simulate</c> against the real server.</summary>
public sealed class SimulateStories
{
    [Fact]
    public async Task Every_transfer_ends_as_it_should_whatever_goes_wrong_on_the_way()
    {
        await using var house = await House.StartAsync(("Transfers:Grace", "00:00:01"), ("Transfers:BackOff", "00:00:01"));
        var faults = new FaultRates { Drop = 0.4, WrongMd5 = 0.3, Repeat = 0.4, Reboot = 0.3, Reflash = 0.2, FalseDone = 0.2 };
        var (code, output) = await RunAsync(house, Plan(house) with { Removals = 1, Faults = faults });
        Assert.True(code == 0, output);
        Assert.Contains("All 90 transfers ended as they should.", output, StringComparison.Ordinal);
        Assert.Contains("tencent-hub: 20 uploads, 20 downloads", output, StringComparison.Ordinal);
        Assert.Contains("tencent-explorer: 20 uploads, 20 downloads, 10 removals", output, StringComparison.Ordinal);
        foreach (var fault in FaultWords.All)
            Assert.Matches($"{FaultWords.Of(fault)} [1-9]", output);
    }

    [Fact]
    public async Task A_transfer_canceled_behind_the_devices_back_is_listed_and_the_exit_code_says_so()
    {
        await using var house = await House.StartAsync();
        var plan = Plan(house) with { Variants = SimulatedVariants.Hub, Devices = 3, Uploads = 1, Downloads = 1, LeastSize = 400_000, MostSize = 400_000, Rate = 200_000 };
        var running = RunAsync(house, plan);
        var device = await CancelOneAsync(house, plan.Product);
        var (code, output) = await running;
        Assert.True(code == 1, output);
        Assert.Contains("1 of 6 transfers did not end as they should:", output, StringComparison.Ordinal);
        Assert.Matches($"  {device} upload .*: must be ok, is on the device: Canceled .*; on the server: canceled", output);
    }

    [Fact]
    public async Task Without_the_api_devices_upload_and_are_believed()
    {
        await using var house = await House.StartAsync();
        var plan = Plan(house) with { Product = "ABCDE12345", Devices = 1, Prefix = "dev", Secret = "MDEyMzQ1Njc4OWFiY2RlZg==", Uploads = 2 };
        await house.DeviceAsync(plan.Product, plan.Device(0));
        var output = new StringWriter();
        Assert.Equal(0, await SimulateCommand.RunAsync(plan, api: null, PlainConsole.On(output), House.Soon));
        Assert.Contains("All 2 transfers ended as they should.", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_earlier_simulation_left_behind_does_not_count()
    {
        await using var house = await House.StartAsync();
        var plan = Plan(house) with { Devices = 2, Uploads = 0, Downloads = 1 };
        Assert.Equal(0, (await RunAsync(house, plan)).Code);
        await OrderAsync(house, plan);
        var (code, output) = await RunAsync(house, plan with { Run = "second" });
        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData("4096", 4096, 4096)]
    [InlineData("4KB..2MB", 4096, 2 << 20)]
    [InlineData("1.5kb", 1536, 1536)]
    [InlineData("0..1GB", 0, 1 << 30)]
    public void Sizes_are_read_as_people_write_them(string text, long least, long most)
    {
        Assert.True(ByteSize.TryParseRange(text, out var range));
        Assert.Equal((least, most), range);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("2MB..1MB")]
    [InlineData("-1")]
    [InlineData("1TB")]
    [InlineData("99999999999999999999GB")]
    public void What_is_no_size_is_refused(string text) => Assert.False(ByteSize.TryParseRange(text, out _));

    [Fact]
    public async Task Mistakes_on_the_command_line_are_all_told()
    {
        await using var process = ServerProcess.Start(
            Path.GetTempPath(), ["simulate", "--key", "x", "--product", "short", "--devices", "0", "--size", "big", "--drop", "2", "--api", "nowhere"]);
        Assert.Equal(2, await process.ExitAsync());
        foreach (var word in (string[])["--product", "--devices", "--size", "--drop", "--api"])
            Assert.Contains(word, process.Output, StringComparison.Ordinal);
    }

    static SimulationPlan Plan(House house) => new()
    {
        Host = "127.0.0.1",
        MqttPort = house.Server.MqttPort,
        Product = "SIMULATION",
        Devices = 20,
        Prefix = "sim-",
        Secret = "c2ltdWxhdGlvbiBzZWNyZXQ=",
        Uploads = 2,
        Downloads = 2,
        LeastSize = 4096,
        MostSize = 200_000,
        ConnectRate = 200,
        Settle = TimeSpan.FromSeconds(20),
        Seed = 7,
        Run = "first",
    };

    static async Task<(int Code, string Output)> RunAsync(House house, SimulationPlan plan)
    {
        using var api = new ApiClient(house.Server.Api, House.AdminKey);
        var output = new StringWriter();
        return (await SimulateCommand.RunAsync(plan, api, PlainConsole.On(output), CancellationToken.None), output.ToString());
    }

    /// <summary>Cancels the first upload that is on its way; gives its device.</summary>
    static async Task<string> CancelOneAsync(House house, string product)
    {
        var patience = House.Soon;
        while (!patience.IsCancellationRequested)
        {
            var list = await house.SendAsync("GET", $"/api/v1/transfers?product={product}&kind=upload&state=in_progress");
            if (list.Status == HttpStatusCode.OK && list.Json.GetProperty("items").GetArrayLength() > 0)
            {
                (await house.SendAsync("POST", $"/api/v1/transfers/{list["items.0.id"]}/cancel")).Is(HttpStatusCode.OK);
                return list["items.0.device"]!;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }
        throw new InvalidOperationException("no upload ever began");
    }

    /// <summary>Orders a download that no simulation knows of.</summary>
    static async Task OrderAsync(House house, SimulationPlan plan)
    {
        (await house.PutBytesAsync($"/api/v1/products/{plan.Product}/files/old.bin/1?type=FILE", new byte[5000])).Is(HttpStatusCode.Created);
        (await house.SendAsync(
            "POST",
            "/api/v1/transfers",
            $$$"""{"kind":"download","product":"{{{plan.Product}}}","device":"{{{plan.Device(0)}}}","file":{"name":"old.bin","version":"1"}}""")).Is(HttpStatusCode.Created);
    }
}
