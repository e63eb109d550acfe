using System.IO.Compression;
using System.Net;
using Waybill.Tests.Dji;
using Xunit;

namespace Waybill.Tests.Api;

/// <summary>Logs of many docks at once.</summary>
public sealed class LogCampaignStories
{
    [Fact]
    public async Task Three_docks_of_which_one_comes_later_end_in_one_bundle()
    {
        await using var house = await DockHouse.StartAsync();
        await house.DockAsync("DOCK1");
        await house.DockAsync("DOCK2");
        await house.RegisterAsync("DOCK3");
        var campaign = await MakeAsync(house, """{"name":"June","product":"docks","since":"2022-06-01T00:00:00Z","until":"2022-07-01T00:00:00Z","modules":["3"]}""");
        Assert.Equal(("3", "in_progress", "2022-06-01T00:00:00Z"), (campaign["targets"], campaign["state"], campaign["since"]));
        var path = $"/log-campaigns/{campaign.Id}";
        await house.UntilAsync(path, r => r["counts.ok"] == "2");
        var waiting = (await house.SendAsync("GET", $"{path}/targets?state=pending")).Is(HttpStatusCode.OK);
        Assert.Equal("DOCK3", waiting["items.0.gateway"]);
        await house.DockAsync("DOCK3");
        var done = await house.UntilAsync(path, "ok");
        Assert.Equal(("100", "3"), (done["percent"], done["counts.ok"]));

        var targets = (await house.SendAsync("GET", $"{path}/targets?limit=2")).Is(HttpStatusCode.OK);
        Assert.Equal(("DOCK1", "DOCK2"), (targets["items.0.gateway"], targets["items.1.gateway"]));
        Assert.Equal("DOCK3", (await house.SendAsync("GET", $"{path}/targets?limit=2&after={targets["next"]}"))["items.0.gateway"]);
        var log = (await house.SendAsync("GET", $"/logs/{targets["items.0.log"]}")).Is(HttpStatusCode.OK);
        Assert.Equal("321", log["archives.0.bootIndexes.0"]);

        await using var zip = await BundleAsync(house, path);
        Assert.Equal(["DOCK1/3.tar", "DOCK2/3.tar", "DOCK3/3.tar", "summary.csv"], zip.Entries.Select(e => e.FullName));
        Assert.All(zip.Entries, e => Assert.Equal(e.Length, e.CompressedLength));
        await using var tar = new System.Formats.Tar.TarReader(await zip.Entries[1].OpenAsync(House.Soon));
        Assert.Equal("dock_321.log", (await tar.GetNextEntryAsync(cancellationToken: House.Soon))!.Name);
        var lines = await LinesAsync(zip);
        Assert.Equal(4, lines.Count);
        Assert.StartsWith($"DOCK1,3,DOCK1,ok,{log["archives.0.size"]},{log["archives.0.sha256"]},,DOCK1/3.tar", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dock_with_another_request_waits_for_its_turn()
    {
        await using var house = await DockHouse.StartAsync(("Logs:Again", "0:00:00.3"));
        await house.DockAsync();
        var open = await house.ListedAsync();
        var path = $"/log-campaigns/{(await MakeAsync(house, """{"name":"All","product":"docks"}""")).Id}";
        await Eventually.IsAsync("it waits", async () => (await house.SendAsync("GET", $"{path}/targets"))["items.0.reason"]?.Contains("open log request", StringComparison.Ordinal) == true);
        await house.House.RestartAsync();
        (await house.SendAsync("POST", $"{open}/cancel")).Is(HttpStatusCode.OK);
        await house.DockAsync("DOCK9");
        await Eventually.IsAsync("it has its turn", async () => (await house.SendAsync("GET", $"{path}/targets"))["items.0.reason"] is null);
        Assert.Equal("1", (await house.SendAsync("GET", path))["targets"]);
    }

    [Fact]
    public async Task Docks_without_logs_of_the_time_end_and_say_so()
    {
        await using var house = await DockHouse.StartAsync();
        await house.DockAsync();
        var path = $"/log-campaigns/{(await MakeAsync(house, """{"name":"Later","product":"docks","since":"2025-01-01T00:00:00Z"}""")).Id}";
        await house.UntilAsync(path, "ok");
        var targets = await house.SendAsync("GET", $"{path}/targets");
        Assert.Equal(("canceled", "the dock has no logs of that time"), (targets["items.0.state"], targets["items.0.reason"]));
        await using var zip = await BundleAsync(house, path);
        Assert.Equal("DOCK1,,,canceled,,,the dock has no logs of that time,", (await LinesAsync(zip))[1]);
        Assert.Equal("[]", (await house.SendAsync("GET", "/logs?open=true"))["items"]);
    }

    [Fact]
    public async Task A_canceled_campaign_ends_its_open_requests()
    {
        await using var house = await DockHouse.StartAsync();
        await house.RegisterAsync("DOCK1");
        await house.RegisterAsync("DOCK2");
        var path = $"/log-campaigns/{(await MakeAsync(house, """{"name":"All","product":"docks"}""")).Id}";
        await Eventually.IsAsync("both are ordered", async () => (await house.SendAsync("GET", "/logs?open=true")).Json.GetProperty("items").GetArrayLength() == 2);
        Assert.Equal("canceled", (await house.SendAsync("POST", $"{path}/cancel")).Is(HttpStatusCode.OK)["state"]);
        await house.UntilAsync(path, r => r["counts.canceled"] == "2");
        Assert.Equal("[]", (await house.SendAsync("GET", "/logs?open=true"))["items"]);
        (await house.SendAsync("POST", $"{path}/cancel")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_filter_chooses_docks_and_an_aircraft_is_none()
    {
        await using var house = await DockHouse.StartAsync();
        await house.DockAsync("DOCK1");
        await house.RegisterAsync("ROOF1", """{"site":"north"}""");
        await house.RegisterAsync("ROOF2", """{"site":"south"}""");
        await CountAsync("{}", "3");
        await CountAsync("""{"prefix":"ROOF"}""", "2");
        await CountAsync("""{"tag":"site:south"}""", "1");
        await CountAsync("""{"devices":["DOCK1","ROOF2","DOCK1A"]}""", "2");
        (await house.SendAsync("POST", "/log-campaigns", """{"name":"x","product":"docks","filter":{"prefix":"NONE"}}""")).IsProblem(HttpStatusCode.UnprocessableEntity, "nothing_matches");
        Assert.Equal(
            ["modules", "filter.tag", "name", "product", "since", "mostPerModule"],
            (await house.SendAsync("POST", "/log-campaigns", """{"filter":{"tag":"x"},"modules":[],"since":"soon","mostPerModule":0}""")).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
        await house.House.DeviceAsync();
        (await house.SendAsync("POST", "/log-campaigns", """{"name":"x","product":"ABCDE12345"}""")).IsProblem(HttpStatusCode.UnprocessableEntity, "not_supported");
        var list = await house.SendAsync("GET", "/log-campaigns?product=docks&limit=3");
        Assert.Equal("""{"prefix":null,"tag":null,"devices":["DOCK1","ROOF2","DOCK1A"]}""", list["items.0.filter"]);
        Assert.Equal(1, (await house.SendAsync("GET", $"/log-campaigns?limit=3&after={list["next"]}")).Json.GetProperty("items").GetArrayLength());

        async Task CountAsync(string filter, string docks) =>
            Assert.Equal(docks, (await MakeAsync(house, $$"""{"name":"x","product":"docks","filter":{{filter}}}"""))["targets"]);
    }

    static async Task<Reply> MakeAsync(DockHouse house, string body) => (await house.SendAsync("POST", "/log-campaigns", body)).Is(HttpStatusCode.Created);

    static async Task<ZipArchive> BundleAsync(DockHouse house, string path)
    {
        using var answer = await house.House.Api.GetAsync(new Uri($"/api/v1{path}/bundle", UriKind.Relative), House.Soon);
        Assert.Equal((HttpStatusCode.OK, "application/zip"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return new(new MemoryStream(await answer.Content.ReadAsByteArrayAsync(House.Soon)));
    }

    static async Task<IReadOnlyList<string>> LinesAsync(ZipArchive zip)
    {
        using var text = new StreamReader(await zip.GetEntry("summary.csv")!.OpenAsync(House.Soon));
        return (await text.ReadToEndAsync(House.Soon)).TrimEnd('\n').Split('\n');
    }
}
