using System.Net;
using System.Text;
using System.Text.Json;
using Waybill.Link;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Tests.Api;
using Waybill.Tests.Gate;
using Waybill.Tests.Protocols;
using Waybill.Tests.Stories;
using Waybill.Tests.Transcripts;
using Waybill.Tracing;
using Xunit;

namespace Waybill.Tests.Tracing;

/// <summary>What an operator sees who follows a device.</summary>
public sealed class TraceStories
{
    [Fact]
    public async Task A_device_is_followed_from_its_CONNECT_over_an_upload_to_its_end()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await using var trace = await TraceSource.OpenAsync(house);
        Assert.Equal("not_connected", Text(trace.Begin, "reason"));
        var bytes = Encoding.UTF8.GetBytes("a picture");
        string url;
        await using (var device = await HubDevice.ConnectAsync(house.Server.MqttPort))
        {
            url = await device.AskUploadAsync("a.jpg", bytes);
            Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, url, bytes));
            Assert.Equal(HttpStatusCode.NotFound, await HubDevice.PutAsync(house.Devices, url[..^5] + "AAAAA", bytes));
            await device.ReportAsync("upload", "a.jpg");
        }
        var connect = await trace.NextAsync("CONNECT");
        Assert.Equal(("in", "ABCDE12345dev001", "ABCDE12345dev001;12010126;***;2147483647", "3.1.1"),
            (Text(connect, "side"), Text(connect, "client"), Text(connect, "user"), Text(connect, "version")));
        Assert.Equal((120, true), (connect.GetProperty("keepAlive").GetInt32(), connect.GetProperty("clean").GetBoolean()));
        Assert.Equal("success", Text(await trace.NextAsync("CONNACK"), "reason"));
        Assert.Equal("$resource/down/service/ABCDE12345/dev001", (await trace.NextAsync("SUBSCRIBE")).GetProperty("filters")[0].GetProperty("filter").GetString());
        Assert.Equal("1", (await trace.NextAsync("SUBACK")).GetProperty("granted")[0].GetString());
        var asked = await trace.NextAsync("PUBLISH", "create_upload_task");
        Assert.Equal(("in", "$resource/up/service/ABCDE12345/dev001", 1), (Text(asked, "side"), Text(asked, "topic"), asked.GetProperty("qos").GetInt32()));
        var answer = await trace.NextAsync("PUBLISH", "create_upload_task_rsp");
        Assert.Equal("out", Text(answer, "side"));
        Assert.EndsWith("/o/***", JsonElement.Parse(Text(answer, "payload")!).GetProperty("url").GetString(), StringComparison.Ordinal);
        var put = await trace.NextAsync("HTTP");
        Assert.Equal(("PUT", "/o/***", 200, bytes.Length), (Text(put, "method"), Text(put, "path"), put.GetProperty("status").GetInt32(), put.GetProperty("bytesIn").GetInt32()));
        await trace.NextAsync("PUBLISH", "report_upload_progress_rsp");
        Assert.Equal("connection_broken", Text(await trace.NextAsync("ended"), "reason"));
        Assert.DoesNotContain(url[(url.LastIndexOf('/') + 1)..], trace.All, StringComparison.Ordinal);
        Assert.DoesNotContain(TencentLogin.Of("ABCDE12345", "dev001").Password[..20], trace.All, StringComparison.Ordinal);
        Assert.DoesNotContain("\"status\":404", trace.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_refused_is_shown_with_the_reason_registered_or_not()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await using var nobody = await TraceSource.OpenAsync(house, "ABCDE12345/nobody");
        await using var known = await TraceSource.OpenAsync(house);
        Assert.Equal("not_registered", Text(nobody.Begin, "reason"));
        var wrong = TencentLogin.Of("ABCDE12345", "dev001", "b3RoZXIgc2VjcmV0IQ==");
        foreach (var login in (TencentLogin[])[TencentLogin.Of("ABCDE12345", "nobody"), wrong, TencentLogin.Of("ABCDE12345", "dev001", expiry: 1)])
            await Assert.ThrowsAsync<MqttException>(() => AppClient.DialAsync(house.Server.MqttPort, login.Connect(MqttVersion.V311)));
        await nobody.NextAsync("CONNECT");
        Assert.Equal("device_unknown", Text(await nobody.NextAsync("refused"), "reason"));
        Assert.Equal("bad_user_name_or_password", Text(await nobody.NextAsync("CONNACK"), "reason"));
        Assert.Equal("signature_wrong", Text(await known.NextAsync("refused"), "reason"));
        Assert.Equal("ABCDE12345dev001;12010126;***;1", Text(await known.NextAsync("CONNECT"), "user"));
        Assert.Equal("signature_expired", Text(await known.NextAsync("refused"), "reason"));
        Assert.DoesNotContain(wrong.Password[..20], known.All, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody", known.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_is_connected_already_is_followed_until_the_trace_ends()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await using var device = await AppClient.DialAsync(house.Server.MqttPort, TencentLogin.Of("ABCDE12345", "dev001").Connect(MqttVersion.V50));
        var session = house.Get<DeviceConnections>().All.Single().Session;
        Assert.Null(session.Trace);
        await using (var trace = await TraceSource.OpenAsync(house))
        {
            Assert.Equal("connected", Text(trace.Begin, "reason"));
            await device.SayAsync("ABCDE12345/dev001/custom", """{"device_secret":"hunter2","n":1}""");
            var said = await trace.NextAsync("PUBLISH");
            Assert.Equal(("""{"device_secret":"***","n":1}""", 33), (Text(said, "payload"), said.GetProperty("payloadBytes").GetInt32()));
            await Assert.ThrowsAnyAsync<Exception>(() => device.SubscribeAsync("ABCDE12345/dev002/x"));
            var refused = await trace.NextAsync("refused");
            Assert.Equal(("topic_not_allowed", "ABCDE12345/dev002/x"), (Text(refused, "reason"), Text(refused, "topic")));
            Assert.Equal("not_authorized", (await trace.NextAsync("SUBACK")).GetProperty("granted")[0].GetString());
        }
        await Eventually.IsAsync("the trace has ended", () => !house.Get<Traces>().IsAny);
        Assert.Null(session.Trace);
    }

    [Theory]
    [InlineData("logs-aircraft-off")]
    [InlineData("upgrade")]
    public async Task What_a_dock_is_told_is_shown_without_its_keys_and_its_requests_with_what_became_of_them(string transcript)
    {
        await using var house = await House.StartAsync();
        await using var dock = await PlayedDock.StartAsync(house);
        await using var trace = await TraceSource.OpenAsync(house, $"{PlayedDockApi.Product}/4TADOCK0000001");
        foreach (var step in Transcript.Of("DjiCloud").Single(t => t.Name == transcript).Steps)
            await dock.PlayAsync(step);
        if (transcript == "upgrade")
        {
            using var late = await house.Devices.GetAsync(new Uri(dock.Word("url")), House.Soon);
            await trace.NextAsync("PUBLISH", "ota_create");
            var got = await trace.NextAsync("HTTP", "\"GET\"");
            Assert.Equal(("/o/u/***", 206, "bytes=0-49999", 50_000L),
                (Text(got, "path"), got.GetProperty("status").GetInt32(), Text(got, "range"), got.GetProperty("bytesOut").GetInt64()));
            Assert.Equal(403, (await trace.NextAsync("HTTP")).GetProperty("status").GetInt32());
            Assert.DoesNotContain(dock.Word("url").Split('/')[^1], trace.All, StringComparison.Ordinal);
        }
        else
        {
            var start = await trace.NextAsync("PUBLISH", "fileupload_start");
            Assert.Contains("\"access_key_secret\":\"***\"", Text(start, "payload"), StringComparison.Ordinal);
            var put = await trace.NextAsync("HTTP", "\"PUT\"");
            Assert.Equal(200, put.GetProperty("status").GetInt32());
            Assert.True(put.GetProperty("bytesIn").GetInt64() > 0);
            foreach (var secret in (string[])["secret", "token"])
                Assert.DoesNotContain(dock.Word(secret), trace.All, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_trace_ends_by_itself_and_says_so()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await using var trace = await TraceSource.OpenAsync(house, query: "?seconds=1");
        var end = await trace.NextAsync("end");
        Assert.Equal("time_limit", Text(end, "reason"));
        Assert.Null(await trace.NextAsync());
        await Eventually.IsAsync("nobody is traced", () => !house.Get<Traces>().IsAny);
        foreach (var wrong in (string[])["0", "3601", "-1", "x", ""])
            (await house.SendAsync("GET", $"/api/v1/products/ABCDE12345/devices/dev001/trace?seconds={wrong}")).IsProblem(HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task Operators_may_trace_their_products_and_readers_and_apps_may_not()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await using (await TraceSource.OpenAsync(house, key: await house.KeyAsync("operator", Keyring.Product)))
        {
            foreach (var role in (string[])["reader", "app"])
                (await Reply.OfAsync(await TraceSource.AskAsync(house, key: await house.KeyAsync(role, Keyring.Product)))).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        }
        (await house.SendAsync("DELETE", "/api/v1/keys/operator")).Is(HttpStatusCode.NoContent);
        (await Reply.OfAsync(await TraceSource.AskAsync(house, key: await house.KeyAsync("operator", Keyring.Other)))).IsProblem(HttpStatusCode.NotFound, "product_not_found");
        List<TraceSource> all = [];
        for (var n = 0; n < Traces.MostOfOne; n++)
            all.Add(await TraceSource.OpenAsync(house, "ABCDE12345/dev002"));
        (await Reply.OfAsync(await TraceSource.AskAsync(house, "ABCDE12345/dev002"))).IsProblem(HttpStatusCode.TooManyRequests, "too_many_traces");
        foreach (var one in all)
            await one.DisposeAsync();
    }

    [Fact]
    public async Task A_device_that_registers_itself_is_seen_at_the_door()
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("PUT", "/api/v1/products/ABCDE12345", """{"name":"Doorbell","dialects":["tencent-hub"]}""")).Is(HttpStatusCode.Created);
        await using var trace = await TraceSource.OpenAsync(house, "ABCDE12345/fresh-1");
        await new RegisteringDevice(house.Devices, "fresh-1").RefusedAsync();
        var asked = await trace.NextAsync("HTTP");
        Assert.Equal(("POST", "/device/register", 200), (Text(asked, "method"), Text(asked, "path"), asked.GetProperty("status").GetInt32()));
        Assert.True(asked.GetProperty("bytesIn").GetInt64() > 0 && asked.GetProperty("bytesOut").GetInt64() > 0);
    }

    static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();
}
