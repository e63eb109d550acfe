using System.IO.Compression;
using System.Net;
using Waybill.Device;
using Waybill.Protocols.DjiCloud;
using Waybill.Tests.Dji;
using Xunit;

namespace Waybill.Tests.Api;

/// <summary>Upgrades of docks over the API, with docks that fetch, restart and say their new versions.</summary>
public sealed class UpgradeStories
{
    [Fact]
    public async Task A_dock_and_its_aircraft_are_upgraded_in_one()
    {
        await using var house = await DockHouse.StartAsync();
        var dock = await house.DockAsync(but: o => o with { Profile = DjiProfile.V18 });
        await PackageAsync(house, "dock.zip", "readme.txt", "dock_fw_v10.01.4000_20260101.cfg.sig", "deep/er_x_v9_1.cfg.sig");
        (await house.House.PutBytesAsync("/api/v1/products/docks/files/drone.bin/07.01.3000", new byte[5000])).Is(HttpStatusCode.Created);
        var made = (await OrderAsync(
            house, """[{"sn":"DOCK1","file":{"name":"dock.zip","version":"1"},"type":3},{"sn":"DOCK1A","file":{"name":"drone.bin","version":"07.01.3000"},"type":3}]""")).Is(HttpStatusCode.Created);
        Assert.Equal(("docks", "DOCK1", "10.01.4000", "10.01.32.05"), (made["product"], made["gateway"], made["devices.0.version"], made["devices.0.before"]));
        Assert.Equal(("07.01.3000", "07.01.20.01", "drone.bin"), (made["devices.1.version"], made["devices.1.before"], made["devices.1.file.name"]));
        (await OrderAsync(house, """[{"sn":"DOCK1","type":2,"version":"1"}]""")).IsProblem(HttpStatusCode.Conflict, "upgrade_open");
        Assert.Contains("upgrad", (await house.SendAsync("POST", "/logs", """{"product":"docks","gateway":"DOCK1"}""")).IsProblem(HttpStatusCode.Conflict, "dock_busy")["detail"], StringComparison.Ordinal);

        var done = await house.UntilAsync($"/upgrades/{made.Id}", "ok");
        Assert.Equal(("ok", "10.01.4000", "100"), (done["devices.0.state"], done["devices.0.reported"], done["devices.0.percent"]));
        Assert.Equal(("ok", "07.01.3000"), (done["devices.1.state"], done["devices.1.reported"]));
        Assert.Equal("10.01.4000", dock.Dock.Condition.DockFirmware);
        Assert.Equal(made.Id, (await house.SendAsync("GET", "/upgrades?product=docks&gateway=DOCK1"))["items.0.id"]);
        (await house.SendAsync("POST", $"/upgrades/{made.Id}/cancel")).IsProblem(HttpStatusCode.Conflict, "upgrade_ended");

        // an event is told when no transaction before it is open any more
        var events = await EventsAsync(house, "upgrade.sent,upgrade.ok", 2);
        Assert.Equal(("upgrade.sent", "DOCK1", made.Id, "upgrade.ok"), (events["items.0.type"], events["items.0.device"], events["items.0.upgrade.id"], events["items.1.type"]));
        Assert.Null(events["items.0.transfer"]);
    }

    [Fact]
    public async Task The_newest_docks_end_an_upgrade_without_a_word()
    {
        await using var house = await DockHouse.StartAsync();
        await house.DockAsync();
        await PackageAsync(house, "dock.zip", "a_b_v10.02_1.cfg.sig");
        var made = (await OrderAsync(house, """[{"sn":"DOCK1","file":{"name":"dock.zip","version":"1"},"type":3}]""")).Is(HttpStatusCode.Created);
        await house.UntilAsync($"/upgrades/{made.Id}", "ok");
    }

    [Fact]
    public async Task What_cannot_be_upgraded_is_refused_with_the_remedy()
    {
        await using var house = await DockHouse.StartAsync();
        var dock = await house.DockAsync();
        await PackageAsync(house, "dock.zip", "a_b_v10.02_1.cfg.sig");
        Assert.Equal(
            ["product", "gateway", "devices[0].sn", "devices[0].type", "devices[0].file"],
            (await house.SendAsync("POST", "/upgrades", """{"devices":[{"type":7}]}""")).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
        (await OrderAsync(house, """[{"sn":"DOCK1","file":{"name":"none","version":"1"},"type":3}]""")).IsProblem(HttpStatusCode.NotFound, "file_not_found");
        (await OrderAsync(house, """[{"sn":"OTHER","file":{"name":"dock.zip","version":"1"},"type":3}]""")).IsProblem(HttpStatusCode.UnprocessableEntity, "upgrade_invalid");
        (await OrderAsync(house, """[{"sn":"DOCK1","type":2,"version":"1"},{"sn":"DOCK1","type":2,"version":"1"}]""")).IsProblem(HttpStatusCode.UnprocessableEntity, "upgrade_invalid");
        (await OrderAsync(house, """[{"sn":"DOCK1","type":2}]""")).IsProblem(HttpStatusCode.BadRequest, "invalid");
        (await OrderAsync(house, """[{"sn":"DOCK1","type":3,"version":"1"}]""")).IsProblem(HttpStatusCode.BadRequest, "invalid");

        const string Aircraft = """[{"sn":"DOCK1A","type":2,"version":"1"}]""";
        await RefusedAsync("emergency_stop", c => c with { IsStopped = true });
        await RefusedAsync("aircraft_away", c => c with { AircraftIsHome = false });
        await RefusedAsync("battery_low", c => c with { Battery = 15 });
        await RefusedAsync("dock_busy", c => c with { Mode = DjiDockMode.Working });

        async Task RefusedAsync(string code, Func<DjiCondition, DjiCondition> stands)
        {
            var well = dock.Dock.Condition;
            await dock.Dock.SetAsync(stands(well), House.Soon);
            await Eventually.IsAsync(code, async () => await OrderAsync(house, Aircraft) is { Status: HttpStatusCode.Conflict } refused && refused.Code == code);
            await dock.Dock.SetAsync(well, House.Soon);
        }
    }

    [Fact]
    public async Task Logs_that_are_fetched_keep_an_upgrade_out_until_they_are_listed()
    {
        await using var house = await DockHouse.StartAsync();
        await house.RegisterAsync("DOCK1");
        var log = (await house.SendAsync("POST", "/logs", """{"product":"docks","gateway":"DOCK1"}""")).Is(HttpStatusCode.Created);
        const string Consistency = """[{"sn":"DOCK1","type":2,"version":"10.01.4000"}]""";
        Assert.Contains("log request", (await OrderAsync(house, Consistency)).IsProblem(HttpStatusCode.Conflict, "dock_busy")["detail"], StringComparison.Ordinal);
        (await house.SendAsync("POST", $"/logs/{log.Id}/cancel")).Is(HttpStatusCode.OK);
        var made = (await OrderAsync(house, Consistency)).Is(HttpStatusCode.Created);
        Assert.Equal(("pending", "10.01.4000", null), (made["state"], made["devices.0.version"], made["devices.0.file"]));
        Assert.Contains("upgrade", (await house.SendAsync("POST", "/logs", """{"product":"docks","gateway":"DOCK1"}""")).IsProblem(HttpStatusCode.Conflict, "dock_busy")["detail"], StringComparison.Ordinal);
        Assert.Equal("canceled", (await house.SendAsync("POST", $"/upgrades/{made.Id}/cancel")).Is(HttpStatusCode.OK)["state"]);
    }

    [Fact]
    public async Task An_upgrade_whose_answer_is_lost_is_unknown_and_not_told_again()
    {
        await using var house = await DockHouse.StartAsync(("Upgrades:Answer", "0:00:00.3"));
        await house.RegisterAsync("DOCK1");
        await using var dock = await TypedDock.ConnectAsync(house.House, "DOCK1");
        var made = (await OrderAsync(house, """[{"sn":"DOCK1","type":2,"version":"10.01.4000"}]""")).Is(HttpStatusCode.Created);
        var (create, command) = await dock.ToldAsync();
        Assert.IsType<DjiCreateOta>(command);
        Assert.Contains("did not answer", (await house.UntilAsync($"/upgrades/{made.Id}", r => r["step"] == "unknown"))["reason"], StringComparison.Ordinal);
        await dock.SayAsync(new DjiOtaProgress(0, DjiStatus.Of(DjiState.InProgress), 40, new(DjiOtaStage.Download, "download_firmware"), 0, 1000), create.Bid, null);
        var running = await house.UntilAsync($"/upgrades/{made.Id}", r => r["percent"] == "40");
        Assert.Equal(("in_progress", null, "in_progress", "1000"), (running["state"], running["step"], running["devices.0.state"], running["rate"]));
        Assert.False(dock.IsToldMore);
        (await house.SendAsync("POST", $"/upgrades/{made.Id}/cancel")).IsProblem(HttpStatusCode.Conflict, "upgrade_begun");
    }

    [Fact]
    public async Task An_upgrade_that_fails_says_why()
    {
        await using var house = await DockHouse.StartAsync();
        await house.DockAsync(but: o => o with { Condition = o.Condition with { UpgradeFault = 312016 } });
        await PackageAsync(house, "dock.zip", "nothing.txt");
        var made = (await OrderAsync(house, """[{"sn":"DOCK1","file":{"name":"dock.zip","version":"1"},"version":"10.9","type":3}]""")).Is(HttpStatusCode.Created);
        Assert.Equal("10.9", made["devices.0.version"]);
        var failed = await house.UntilAsync($"/upgrades/{made.Id}", "failed");
        Assert.Equal(("312016", "failed"), (failed["code"], failed["devices.0.state"]));
        Assert.Contains("312016", failed["reason"], StringComparison.Ordinal);
    }

    static Task<Reply> OrderAsync(DockHouse house, string devices) =>
        house.SendAsync("POST", "/upgrades", $$"""{"product":"docks","gateway":"DOCK1","devices":{{devices}}}""");

    /// <summary>A zip in the library, version 1, with entries of these names.</summary>
    static async Task<Reply> EventsAsync(DockHouse house, string types, int count)
    {
        Reply? told = null;
        await Eventually.IsAsync($"{count} events", async () =>
        {
            told = (await house.SendAsync("GET", $"/events?type={types}")).Is(HttpStatusCode.OK);
            return told.Json.GetProperty("items").GetArrayLength() >= count;
        });
        return told!;
    }

    static async Task PackageAsync(DockHouse house, string name, params string[] entries)
    {
        using var bytes = new MemoryStream();
        await using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in entries)
                zip.CreateEntry(entry);
        }
        (await house.House.PutBytesAsync($"/api/v1/products/docks/files/{name}/1", bytes.ToArray())).Is(HttpStatusCode.Created);
    }
}
