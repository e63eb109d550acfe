using System.Net;
using Waybill.Cli.Dock;
using Waybill.Cli.Simulate;
using Waybill.Device;
using Waybill.Mqtt.Client;
using Xunit;

namespace Waybill.Tests.Simulate;

/// <summary><c>waybill dock add</c>, and the dock that it waits for.</summary>
public sealed class DockAddStories
{
    const string Sn = "4TADOCK0000007";

    [Fact]
    public async Task A_dock_is_registered_and_ticked_off_until_it_has_arrived()
    {
        await using var house = await House.StartAsync();
        using var api = new ApiClient(house.Server.Api, House.AdminKey);
        var output = new StringWriter();
        var adding = DockCommand.RunAsync(Ask, api, PlainConsole.On(output), House.Soon);
        await using var dock = await ConnectAsync(house, "typed-code");
        Assert.True((await dock.ArriveAsync(House.Soon)).IsOnline);
        await dock.SayOsdAsync(House.Soon);
        Assert.Equal(0, await adding);
        foreach (var typed in (string[])["tcp://198.51.100.7:1883", Sn, "typed secret", "fire", "typed-code", "Fire brigade"])
            Assert.Contains(typed, output.ToString(), StringComparison.Ordinal);
        foreach (var step in (string[])["connected", "signed in", "licence given", "bound to the organization", "topology told", "says how it stands", "storage can be reached"])
            Assert.Contains($"[x] {step}", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("app-key-of-dji", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_step_that_hangs_says_why_and_what_to_do()
    {
        await using var house = await House.StartAsync();
        using var api = new ApiClient(house.Server.Api, House.AdminKey);
        var output = new SharedText();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(House.Soon);
        var adding = DockCommand.RunAsync(Ask with { Licence = null, Patience = TimeSpan.Zero }, api, PlainConsole.On(output), end.Token);
        await SaysAsync(output, "[ ] connected: No connection with this serial number has come.");
        await Assert.ThrowsAsync<MqttException>(() => ConnectAsync(house, "typed-code", secret: "mistyped"));
        await SaysAsync(output, "[ ] signed in: The dock came with another password.");
        await using (var unlicensed = await ConnectAsync(house, "typed-code"))
        {
            Assert.Equal(DjiArrivalStep.Licence, (await unlicensed.ArriveAsync(House.Soon)).Step);
            await SaysAsync(output, "[ ] licence given: The product has no app id");
        }
        await house.SendAsync("PATCH", "/api/v1/products/docks", """{"dji":{"appId":"1","appKey":"app-key-of-dji","appLicense":"l"} }""");
        await using (var unbound = await ConnectAsync(house, "mistyped"))
        {
            Assert.False((await unbound.ArriveAsync(House.Soon)).IsOnline);
            await SaysAsync(output, "[ ] bound to the organization: The dock was bound with a wrong binding code (210229).");
        }
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adding);
    }

    [Fact]
    public async Task Added_again_nothing_is_made_twice_and_no_secret_is_shown()
    {
        await using var house = await House.StartAsync();
        using var api = new ApiClient(house.Server.Api, House.AdminKey);
        Assert.Equal(0, await DockCommand.RunAsync(Ask with { IsWatched = false }, api, PlainConsole.On(TextWriter.Null), House.Soon));
        var output = new StringWriter();
        var again = Ask with { IsWatched = false, Secret = null, BindingCode = null, OrganizationName = null, Licence = null };
        Assert.Equal(0, await DockCommand.RunAsync(again, api, PlainConsole.On(output), House.Soon));
        Assert.Contains("lost: --new-secret", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("lost: --new-code", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Fire brigade", output.ToString(), StringComparison.Ordinal);
        await using var dock = await ConnectAsync(house, "typed-code");
        Assert.True((await dock.ArriveAsync(House.Soon)).IsOnline);
    }

    [Fact]
    public async Task The_command_makes_what_is_missing_and_prints_what_to_type()
    {
        await using var house = await House.StartAsync();
        await using var process = ServerProcess.Start(
            Path.GetTempPath(), ["dock", "add", "--server", house.Server.Api.ToString(), "--key", House.AdminKey, "--sn", Sn, "--organization", "fire", "--no-watch"]);
        Assert.True(await process.ExitAsync() == 0, process.Output);
        foreach (var word in (string[])["MQTT gateway address", Sn, "Device binding code", "--app-id", "Workspace name"])
            Assert.Contains(word, process.Output, StringComparison.Ordinal);
        (await house.SendAsync("GET", $"/api/v1/products/docks/devices/{Sn}")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_check_of_a_product_says_what_its_docks_lack()
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("PUT", "/api/v1/products/docks", """{"name":"Docks","dialects":["dji"]}""")).Is(HttpStatusCode.Created);
        var check = (await house.SendAsync("GET", "/api/v1/products/docks/check")).Is(HttpStatusCode.OK).Json;
        var wrong = check.GetProperty("checks").EnumerateArray().Where(c => !c.GetProperty("ok").GetBoolean()).Select(c => c.GetProperty("check").GetString());
        Assert.Equal(["licence", "organization", "storage endpoint"], wrong);
        Assert.False(check.GetProperty("ok").GetBoolean());
    }

    static DockAsk Ask => new()
    {
        Product = "docks",
        Sn = Sn,
        Organization = "fire",
        OrganizationName = "Fire brigade",
        BindingCode = "typed-code",
        Secret = "typed secret",
        Licence = new("123456", "app-key-of-dji", "license-of-dji"),
        Mqtt = "tcp://198.51.100.7:1883",
    };

    /// <summary>When it is registered.</summary>
    static async Task<DjiDock> ConnectAsync(House house, string code, string secret = "typed secret")
    {
        await Eventually.IsAsync("the dock registered", async () => (await house.SendAsync("GET", $"/api/v1/products/docks/devices/{Sn}")).Status == HttpStatusCode.OK);
        return await DjiDock.ConnectAsync(
            new()
            {
                Host = "127.0.0.1",
                Port = house.Server.MqttPort,
                Password = secret,
                DockSn = Sn,
                AircraftSn = "4TADRONE000007",
                Organization = new("fire", code),
                Reconnect = false,
            },
            House.Soon);
    }

    static async Task SaysAsync(SharedText output, string text)
    {
        var patience = House.Soon;
        while (!output.ToString().Contains(text, StringComparison.Ordinal))
        {
            Assert.False(patience.IsCancellationRequested, output.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }
    }
}
