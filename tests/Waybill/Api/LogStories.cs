using System.Net;
using System.Text;
using Waybill.Protocols.DjiCloud;
using Waybill.Tests.Dji;
using Xunit;

namespace Waybill.Tests.Api;

/// <summary>Logs of docks over the API, with docks that really upload.</summary>
public sealed class LogStories
{
    const string Both = """{"files":[{"module":"3","bootIndexes":[321,322]},{"module":"0","bootIndexes":[7]}]}""";

    [Fact]
    public async Task Logs_are_listed_chosen_uploaded_and_read()
    {
        await using var house = await DockHouse.StartAsync();
        await house.DockAsync();
        var path = await house.ListedAsync();
        var listed = await house.SendAsync("GET", path);
        Assert.Equal(("docks", "DOCK1", "0"), (listed["product"], listed["gateway"], listed["percent"]));
        var dock = listed.Json.GetProperty("lists").EnumerateArray().Single(l => l.GetProperty("module").GetString() == "3");
        Assert.Equal("DOCK1", dock.GetProperty("deviceSn").GetString());
        Assert.Equal(
            (321, "2022-06-01T08:09:28Z", "2022-06-01T09:09:28Z", 5000),
            (dock.GetProperty("files")[0].GetProperty("bootIndex").GetInt64(), dock.GetProperty("files")[0].GetProperty("startTime").GetString(),
                dock.GetProperty("files")[0].GetProperty("endTime").GetString(), dock.GetProperty("files")[0].GetProperty("size").GetInt64()));

        (await house.SendAsync("GET", $"{path}/archives/3/content")).IsProblem(HttpStatusCode.NotFound, "archive_not_found");
        (await house.SendAsync("POST", $"{path}/upload", Both)).Is(HttpStatusCode.OK);
        var done = await house.UntilAsync(path, "ok");
        Assert.Equal(("100", "ok", "DOCK1", "ok", "DOCK1A"), (done["percent"], done["archives.0.state"], done["archives.0.deviceSn"], done["archives.1.state"], done["archives.1.deviceSn"]));
        Assert.Equal(64, done["archives.0.sha256"]!.Length);

        var whole = await BytesAsync(house, $"{path}/archives/3/content");
        Assert.Equal(done["archives.0.size"], whole.Length.ToString());
        using var range = new HttpRequestMessage(HttpMethod.Get, $"/api/v1{path}/archives/3/content") { Headers = { Range = new(512, 611) } };
        using var part = await house.House.Api.SendAsync(range, House.Soon);
        Assert.Equal((HttpStatusCode.PartialContent, "attachment; filename=DOCK1-3.tar"), (part.StatusCode, part.Content.Headers.ContentDisposition!.ToString()));
        Assert.Equal(whole[512..612], await part.Content.ReadAsByteArrayAsync(House.Soon));
        Assert.Equal(whole.Length, (await house.SendAsync("HEAD", $"{path}/archives/3/content")).Is(HttpStatusCode.OK).Http.Content.Headers.ContentLength);

        var entries = (await house.SendAsync("GET", $"{path}/archives/3/entries")).Is(HttpStatusCode.OK);
        Assert.Equal(("tar", "dock_321.log", "5000", "2022-06-01T09:09:28Z", "dock_322.log", "False"),
            (entries["format"], entries["items.0.name"], entries["items.0.size"], entries["items.0.modified"], entries["items.1.name"], entries["more"]));
        Assert.Equal(DockHouse.LogOf(322, 700), await BytesAsync(house, $"{path}/archives/3/entry?name=dock_322.log"));
        (await house.SendAsync("GET", $"{path}/archives/3/entry?name=none")).IsProblem(HttpStatusCode.NotFound, "entry_not_found");
        (await house.SendAsync("GET", $"{path}/archives/3/entry")).IsProblem(HttpStatusCode.BadRequest, "invalid");

        var list = (await house.SendAsync("GET", "/logs?product=docks&gateway=DOCK1")).Is(HttpStatusCode.OK);
        Assert.Equal((done.Id, "3", null), (list["items.0.id"], list["items.0.archives.0.module"], list["items.0.lists.0.files"]));
        var document = (await house.House.SendAsync("GET", "/openapi/v1.json")).Json.GetProperty("paths");
        foreach (var route in (string[])["logs", "logs/{id}/archives/{module}/entry", "upgrades/{id}/cancel", "log-campaigns/{id}/bundle"])
            Assert.True(document.TryGetProperty("/api/v1/" + route, out _), route);
        Assert.Equal("[]", (await house.SendAsync("GET", "/logs?open=true"))["items"]);
        Assert.Equal("[]", (await house.SendAsync("GET", "/logs?gateway=NOBODY"))["items"]);

        (await house.SendAsync("DELETE", $"/buckets/dji/object?key={Uri.EscapeDataString(done["archives.0.key"]!)}")).Is(HttpStatusCode.NoContent);
        Assert.Contains("deleted", (await house.SendAsync("GET", $"{path}/archives/3/content")).IsProblem(HttpStatusCode.NotFound, "content_not_found")["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_cannot_give_logs_is_refused_with_the_remedy()
    {
        await using var house = await DockHouse.StartAsync();
        await house.House.DeviceAsync();
        await house.DockAsync();
        Assert.Contains("'dji'", (await OrderAsync(house, "ABCDE12345", "dev001")).IsProblem(HttpStatusCode.UnprocessableEntity, "not_supported")["detail"], StringComparison.Ordinal);
        (await OrderAsync(house, "none", "DOCK1")).IsProblem(HttpStatusCode.NotFound, "product_not_found");
        (await OrderAsync(house, "docks", "NOBODY")).IsProblem(HttpStatusCode.NotFound, "device_not_found");
        Assert.Contains("DOCK1", (await OrderAsync(house, "docks", "DOCK1A")).IsProblem(HttpStatusCode.UnprocessableEntity, "not_a_gateway")["detail"], StringComparison.Ordinal);
        Assert.Equal(["modules", "product", "gateway"], (await house.SendAsync("POST", "/logs", """{"modules":["5"]}""")).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
        var path = await house.ListedAsync();
        (await OrderAsync(house, "docks", "DOCK1")).IsProblem(HttpStatusCode.Conflict, "log_request_open");
        (await house.SendAsync("POST", $"{path}/upload", """{"files":[{"module":"3","bootIndexes":[5]}]}""")).IsProblem(HttpStatusCode.UnprocessableEntity, "choice_invalid");
        Assert.Equal(["files[0].module", "files[0].bootIndexes"], (await house.SendAsync("POST", $"{path}/upload", """{"files":[{"module":"9"}]}""")).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
        Assert.Equal("canceled", (await house.SendAsync("POST", $"{path}/cancel")).Is(HttpStatusCode.OK)["state"]);
        (await house.SendAsync("GET", "/logs/AAAAAAAAAAAAAAAAAAAAAA")).IsProblem(HttpStatusCode.NotFound, "log_request_not_found");
    }

    [Fact]
    public async Task An_aircraft_that_is_off_has_its_own_refusal_and_the_dock_its_logs()
    {
        await using var house = await DockHouse.StartAsync();
        var dock = await house.DockAsync();
        await dock.Dock.SetAsync(dock.Dock.Condition with { AircraftIsOn = false }, House.Soon);
        await Eventually.IsAsync("the aircraft is off", async () => (await OrderAsync(house, "docks", "DOCK1", """["0"]"""))["code"] == "aircraft_off");
        var path = await house.ListedAsync();
        var lists = (await house.SendAsync("GET", path)).Json.GetProperty("lists").EnumerateArray().ToDictionary(l => l.GetProperty("module").GetString()!);
        Assert.Equal(324015, lists["0"].GetProperty("code").GetInt64());
        Assert.Contains("324015", lists["0"].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, lists["3"].GetProperty("files").GetArrayLength());
    }

    [Fact]
    public async Task A_canceled_module_leaves_the_other_running()
    {
        await using var house = await DockHouse.StartAsync();
        var (began, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        house.BeforeUpload = async (key, ct) =>
        {
            began.TrySetResult();
            await go.Task.WaitAsync(ct);
        };
        await house.DockAsync();
        var path = await house.ListedAsync();
        (await house.SendAsync("POST", $"{path}/upload", Both)).Is(HttpStatusCode.OK);
        await began.Task.WaitAsync(House.Soon);
        (await house.SendAsync("GET", $"{path}/archives/3/content")).IsProblem(HttpStatusCode.Conflict, "archive_open");
        (await house.SendAsync("POST", $"{path}/cancel", """{"modules":["3"]}""")).Is(HttpStatusCode.OK);
        await house.UntilAsync(path, r => r["archives.0.state"] == "canceled");
        go.SetResult();
        var done = await house.UntilAsync(path, "ok");
        Assert.Equal(("canceled", "ok"), (done["archives.0.state"], done["archives.1.state"]));
        Assert.Contains("never stored", (await house.SendAsync("GET", $"{path}/archives/3/content")).IsProblem(HttpStatusCode.NotFound, "content_not_found")["detail"], StringComparison.Ordinal);
        (await house.SendAsync("POST", $"{path}/cancel")).IsProblem(HttpStatusCode.Conflict, "log_request_ended");
    }

    [Fact]
    public async Task An_archive_of_another_size_than_the_dock_said_is_not_ok()
    {
        await using var house = await DockHouse.StartAsync(("Logs:Grace", "0:00:00.3"));
        house.Stored = (key, bytes) => [(key, bytes[..^1])];
        await house.DockAsync();
        var path = await house.ListedAsync(modules: """["3"]""");
        (await house.SendAsync("POST", $"{path}/upload", """{"files":[{"module":"3","bootIndexes":[322]}]}""")).Is(HttpStatusCode.OK);
        Assert.Contains("another size", (await house.UntilAsync(path, "failed"))["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_for_each_boot_are_read_as_one_tar()
    {
        await using var house = await DockHouse.StartAsync();
        house.Stored = (key, bytes) => [($"{key}/a.log", bytes[..1000]), ($"{key}/b.log", bytes[1000..])];
        await house.DockAsync();
        var path = await house.ListedAsync(modules: """["3"]""");
        (await house.SendAsync("POST", $"{path}/upload", """{"files":[{"module":"3","bootIndexes":[322]}]}""")).Is(HttpStatusCode.OK);
        await house.UntilAsync(path, "ok");
        var entries = (await house.SendAsync("GET", $"{path}/archives/3/entries")).Is(HttpStatusCode.OK);
        Assert.Equal(("a.log", "1000", "b.log"), (entries["items.0.name"], entries["items.0.size"], entries["items.1.name"]));
        await using var tar = new System.Formats.Tar.TarReader(new MemoryStream(await BytesAsync(house, $"{path}/archives/3/content")));
        Assert.Equal(("a.log", "b.log"), ((await tar.GetNextEntryAsync(cancellationToken: House.Soon))!.Name, (await tar.GetNextEntryAsync(cancellationToken: House.Soon))!.Name));
        Assert.Equal(1000, (await BytesAsync(house, $"{path}/archives/3/entry?name=a.log")).Length);
        (await house.SendAsync("HEAD", $"{path}/archives/3/content")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_no_archive_is_still_read_whole()
    {
        await using var house = await DockHouse.StartAsync();
        house.Stored = (key, bytes) => [(key, Encoding.UTF8.GetBytes(new string('x', bytes.Length)))];
        await house.DockAsync();
        var path = await house.ListedAsync(modules: """["3"]""");
        (await house.SendAsync("POST", $"{path}/upload", """{"files":[{"module":"3","bootIndexes":[322]}]}""")).Is(HttpStatusCode.OK);
        await house.UntilAsync(path, "ok");
        (await house.SendAsync("GET", $"{path}/archives/3/entries")).IsProblem(HttpStatusCode.UnprocessableEntity, "not_an_archive");
        (await house.SendAsync("GET", $"{path}/archives/3/entry?name=a")).IsProblem(HttpStatusCode.UnprocessableEntity, "not_an_archive");
        (await house.SendAsync("GET", $"{path}/archives/3/content")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_start_whose_answer_is_lost_is_unknown_and_not_told_again()
    {
        await using var house = await DockHouse.StartAsync(("Logs:Answer", "0:00:00.3"));
        await house.RegisterAsync("DOCK1");
        await using var dock = await TypedDock.ConnectAsync(house.House, "DOCK1");
        var made = (await OrderAsync(house, "docks", "DOCK1", """["3"]""")).Is(HttpStatusCode.Created);
        var path = $"/logs/{made.Id}";
        var (list, _) = await dock.ToldAsync();
        await dock.AnswerAsync(list, new(0, null, [new("3", "DOCK1", 0, [new(1, 1654070968000, 1654074568000, 10)], 0)]));
        await house.UntilAsync(path, "listed");
        (await house.SendAsync("POST", $"{path}/upload", """{"files":[{"module":"3","bootIndexes":[1]}]}""")).Is(HttpStatusCode.OK);
        var (start, command) = await dock.ToldAsync();
        var told = Assert.IsType<DjiStartLogs>(command);
        Assert.Contains("did not answer", (await house.UntilAsync(path, r => r["step"] == "unknown"))["reason"], StringComparison.Ordinal);
        Assert.False(dock.IsToldMore);

        using (var s3 = DockHouse.ClientOf(told.Storage))
            await s3.PutObjectAsync(new() { BucketName = told.Storage.Bucket, Key = told.Files[0].ObjectKey, InputStream = new MemoryStream(new byte[10]) }, House.Soon);
        await dock.SayAsync(
            new DjiLogProgress(0, DjiStatus.Of(DjiState.Ok), [new("3", "DOCK1", told.Files[0].ObjectKey, null, 10, new(100, 3, 3, DjiStatus.Of(DjiState.Ok), 0, null, 0))]), start.Bid, null);
        await house.UntilAsync(path, "ok");
        Assert.False(dock.IsToldMore);
    }

    [Fact]
    public async Task Every_state_of_a_request_is_told()
    {
        await using var house = await DockHouse.StartAsync();
        await house.DockAsync();
        var path = await house.ListedAsync(modules: """["3"]""");
        (await house.SendAsync("POST", $"{path}/upload", """{"files":[{"module":"3","bootIndexes":[322]}]}""")).Is(HttpStatusCode.OK);
        var done = await house.UntilAsync(path, "ok");
        const string Told = "/events?device=DOCK1&type=log.pending,log.sent,log.listed,log.ok";
        // an event is told when no transaction before it is open any more
        var events = await house.SendAsync("GET", Told);
        await Eventually.IsAsync("the last event", async () => (events = (await house.SendAsync("GET", Told)).Is(HttpStatusCode.OK)).Text.Contains("log.ok", StringComparison.Ordinal));
        Assert.Equal(["log.pending", "log.sent", "log.listed", "log.pending", "log.sent", "log.ok"], events.Json.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("type").GetString()));
        var last = events.Json.GetProperty("items").EnumerateArray().Last();
        Assert.Equal(("docks", "DOCK1", done.Id), (last.GetProperty("product").GetString(), last.GetProperty("device").GetString(), last.GetProperty("log").GetProperty("id").GetString()));
        Assert.Equal(("ok", 100), (last.GetProperty("log").GetProperty("state").GetString(), last.GetProperty("log").GetProperty("percent").GetInt32()));
        Assert.False(last.TryGetProperty("transfer", out _));
    }

    [Fact]
    public async Task A_key_for_other_products_sees_no_logs_and_a_reader_orders_none()
    {
        await using var house = await DockHouse.StartAsync();
        await house.DockAsync();
        var path = await house.ListedAsync();
        var reader = (await house.SendAsync("PUT", "/keys/reader", """{"role":"reader"}""")).Is(HttpStatusCode.Created)["key"]!;
        var other = (await house.SendAsync("PUT", "/keys/other", """{"role":"operator","products":["else"]}""")).Is(HttpStatusCode.Created)["key"]!;
        (string, string) With(string key) => ("Authorization", $"Bearer {key}");
        house.House.Api.DefaultRequestHeaders.Authorization = null;
        (await house.SendAsync("GET", path, null, With(reader))).Is(HttpStatusCode.OK);
        (await house.SendAsync("POST", $"{path}/cancel", null, With(reader))).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        (await house.SendAsync("GET", $"{path}/archives/3/content", null, With(reader))).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        (await house.SendAsync("GET", path, null, With(other))).IsProblem(HttpStatusCode.NotFound, "log_request_not_found");
        Assert.Equal("[]", (await house.SendAsync("GET", "/logs", null, With(other)))["items"]);
        (await house.SendAsync("POST", "/logs", """{"product":"docks","gateway":"DOCK1"}""", With(other))).IsProblem(HttpStatusCode.NotFound, "product_not_found");
    }

    static Task<Reply> OrderAsync(DockHouse house, string product, string gateway, string modules = """["0","3"]""") =>
        house.SendAsync("POST", "/logs", $$"""{"product":"{{product}}","gateway":"{{gateway}}","modules":{{modules}}}""");

    static async Task<byte[]> BytesAsync(DockHouse house, string path)
    {
        using var answer = await house.House.Api.GetAsync(new Uri("/api/v1" + path, UriKind.Relative), House.Soon);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync(House.Soon);
    }
}
