using System.Net;
using System.Security.Cryptography;
using Waybill.Tests.Api;
using Waybill.Tests.Events;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>An app on a phone and the doorbell it is for, with nothing but an app token between the app and Waybill.</summary>
public sealed class PhoneStory
{
    const string Device = "/api/v1/products/ABCDE12345/devices/dev001";
    const string Rights = "devices.read files.read files.write transfers.read transfers.write events.read";

    [Fact]
    public async Task An_app_sends_a_recording_fetches_a_picture_and_deletes_the_recording()
    {
        await using var house = await StartAsync();
        var app = await house.TokenAsync(await house.KeyAsync("app", Keyring.Product), "dev001", Rights);
        await using var doorbell = await ExplorerTalk.ConnectAsync(house.Server.MqttPort);
        Assert.Empty(await doorbell.ReportVersionAsync());
        await using var feed = await EventSource.OpenAsync(house, key: app);

        await RecordingComesAsync(house, app, doorbell, feed);
        await PictureGoesAsync(house, app, doorbell, feed);
        await RecordingGoesAsync(house, app, doorbell, feed);
        await ReflashedAsync(house, app);
        (await house.ByAsync(app, "GET", "/api/v1/products/ABCDE12345/devices/dev002")).IsProblem(HttpStatusCode.NotFound, "device_not_found");
    }

    static async Task RecordingComesAsync(House house, string app, ExplorerTalk doorbell, EventSource feed)
    {
        var recording = RandomNumberGenerator.GetBytes(60_000);
        await PutAsync(house, app, $"{Device}/files/greeting.wav/1.0.0?type=AUDIO", recording);
        await PutAsync(house, app, $"{Device}/files/bell.wav/1.0.0?type=AUDIO", [1, 2, 3]);
        await OrderAsync(house, app, "download", "greeting.wav");
        var update = await doorbell.HearAsync("update_resource");
        Assert.Equal(("greeting.wav", "AUDIO"), (ExplorerTalk.Text(update, "resource_name"), ExplorerTalk.Text(update, "resource_type")));
        await doorbell.ProgressAsync("greeting.wav", "1.0.0", 30);
        Assert.Equal(recording, await ExplorerTalk.GetAsync(house.Devices, ExplorerTalk.Text(update, "url")));
        await doorbell.ResultAsync("greeting.wav", "1.0.0");
        var told = await TypesUntilAsync(feed, "transfer.ok");
        Assert.Equal(["transfer.pending", "transfer.sent", "transfer.in_progress"], told.Distinct().Take(3));
        await OrderAsync(house, app, "download", "bell.wav");
        var bell = await doorbell.HearAsync("update_resource");
        await ExplorerTalk.GetAsync(house.Devices, ExplorerTalk.Text(bell, "url"));
        await doorbell.ResultAsync("bell.wav", "1.0.0");
        await TypesUntilAsync(feed, "transfer.ok");
    }

    static async Task PictureGoesAsync(House house, string app, ExplorerTalk doorbell, EventSource feed)
    {
        var picture = RandomNumberGenerator.GetBytes(40_000);
        var (url, token) = await doorbell.RequestUrlAsync("visitor.jpg");
        Assert.Equal(HttpStatusCode.OK, await ExplorerTalk.PutAsync(house.Devices, url, picture));
        await doorbell.PostResultAsync(token);
        await TypesUntilAsync(feed, "transfer.ok");
        var upload = (await house.ByAsync(app, "GET", $"/api/v1/uploads/{token}")).Is(HttpStatusCode.OK);
        Assert.Equal(("ok", "visitor.jpg", "40000"), (upload["state"], upload["file.name"], upload["file.size"]));
        Assert.Equal(picture, await ReadAsync(house, app, $"/api/v1/transfers/{upload.Id}/content"));
        var listed = await house.ByAsync(app, "GET", "/api/v1/transfers?kind=upload&product=ABCDE12345&device=dev001");
        Assert.Equal("visitor.jpg", listed["items.0.file.name"]);
    }

    static async Task RecordingGoesAsync(House house, string app, ExplorerTalk doorbell, EventSource feed)
    {
        await OrderAsync(house, app, "removal", "greeting.wav");
        Assert.Equal("AUDIO", ExplorerTalk.Text(await doorbell.HearAsync("del_resource"), "resource_type"));
        await doorbell.ResultAsync("greeting.wav", "1.0.0", method: "del_result");
        await TypesUntilAsync(feed, "transfer.ok");
        Assert.Equal(HttpStatusCode.NoContent, (await house.ByAsync(app, "DELETE", $"{Device}/files/greeting.wav/1.0.0")).Status);
    }

    static async Task ReflashedAsync(House house, string app)
    {
        await using var reflashed = await ExplorerTalk.ConnectAsync(house.Server.MqttPort);
        Assert.Equal(["bell.wav 1.0.0"], await reflashed.ReportVersionAsync());
        var look = (await house.ByAsync(app, "GET", Device)).Is(HttpStatusCode.OK);
        Assert.Equal("bell.wav", look["holds.files.0.name"]);
        Assert.Equal(1, look.Json.GetProperty("holds").GetProperty("files").GetArrayLength());
    }

    static async Task<House> StartAsync()
    {
        var house = await House.StartAsync();
        (await house.SendAsync("PUT", "/api/v1/products/ABCDE12345", """{"name":"Doorbell","dialects":["tencent-explorer"]}""")).Is(HttpStatusCode.Created);
        foreach (var device in (string[])["dev001", "dev002"])
            (await house.SendAsync("PUT", $"/api/v1/products/ABCDE12345/devices/{device}", """{"secret":"MDEyMzQ1Njc4OWFiY2RlZg=="}""")).Is(HttpStatusCode.Created);
        return house;
    }

    static async Task OrderAsync(House house, string app, string kind, string name) => (await house.ByAsync(
        app,
        "POST",
        "/api/v1/transfers",
        $$$"""{"kind":"{{{kind}}}","product":"ABCDE12345","device":"dev001","file":{"name":"{{{name}}}","version":"1.0.0"}}""")).Is(HttpStatusCode.Created);

    static async Task PutAsync(House house, string app, string path, byte[] bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new ByteArrayContent(bytes) };
        request.Headers.Authorization = new("Bearer", app);
        (await Reply.OfAsync(await house.Api.SendAsync(request, House.Soon))).Is(HttpStatusCode.Created);
    }

    static async Task<byte[]> ReadAsync(House house, string app, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", app);
        using var answer = await house.Api.SendAsync(request, House.Soon);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync(House.Soon);
    }

    static async Task<List<string>> TypesUntilAsync(EventSource feed, string last)
    {
        List<string> types = [];
        while (!types.Contains(last))
            types.Add((await feed.NextAsync())!.Value.GetProperty("type").GetString()!);
        return types;
    }
}
