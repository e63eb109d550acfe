using System.Net;
using System.Threading.Channels;
using Waybill.Data;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Protocols.DjiCloud;
using Waybill.Tests.Dji;
using Waybill.Tests.Protocols;
using Waybill.Tests.Transcripts;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>Docks on the broker: whose topics are whose, who answers, and what is not for everybody's eyes.</summary>
public sealed class DockStories
{
    const string Dock = "4TADOCK0000001";
    const string OtherDock = "4TADOCK0000002";
    const string Aircraft = "4TADRONE000001";

    [Fact]
    public async Task A_dock_speaks_for_itself_and_its_aircraft_and_for_nobody_else()
    {
        await using var house = await StartAsync();
        await using var other = await HandDock.ConnectAsync(house, OtherDock);
        await other.TellTopologyAsync();
        await other.HearAsync(DjiTopicKind.StatusReply);
        await using var dock = await HandDock.ConnectAsync(house, Dock);
        foreach (var filter in (string[])[$"thing/product/{OtherDock}/services", "thing/product/+/services", "thing/#", "#", $"sys/product/{OtherDock}/status_reply"])
            await Assert.ThrowsAsync<MqttException>(() => dock.Mqtt.SubscribeAsync(filter, MqttQos.AtLeastOnce, House.Soon));
        foreach (var topic in (string[])[$"thing/product/{OtherDock}/events", $"sys/product/{OtherDock}/status", $"thing/product/{Aircraft}/osd"])
            await Assert.ThrowsAsync<MqttException>(() => dock.SayAsync(topic, "{}"));
        await dock.Mqtt.SubscribeAsync($"thing/product/{Dock}/#", MqttQos.AtLeastOnce, House.Soon);
        // another gateway is no aircraft, whatever a dock says
        await dock.TellTopologyAsync(Aircraft, OtherDock);
        Assert.Equal(0, (await dock.HearAsync(DjiTopicKind.StatusReply)).GetProperty("data").GetProperty("result").GetInt32());
        await dock.SayAsync(DjiTopicKind.Osd, """{"data":{"battery":{"capacity_percent":50}}}""", Aircraft);
        await Assert.ThrowsAsync<MqttException>(() => dock.SayAsync($"thing/product/{OtherDock}/events", "{}"));
        var shown = (await house.SendAsync("GET", $"/api/v1/products/docks/devices/{Dock}")).Is(HttpStatusCode.OK);
        Assert.Equal(Aircraft, Assert.Single(shown.Json.GetProperty("gateway").GetProperty("members").EnumerateArray()).GetProperty("sn").GetString());
    }

    [Fact]
    public async Task An_aircraft_that_moved_is_the_other_docks_alone()
    {
        await using var house = await StartAsync();
        await using var dock = await HandDock.ConnectAsync(house, Dock);
        await dock.TellTopologyAsync(Aircraft);
        await dock.HearAsync(DjiTopicKind.StatusReply);
        await dock.Mqtt.SubscribeAsync($"thing/product/{Aircraft}/#", MqttQos.AtLeastOnce, House.Soon);
        await using var other = await HandDock.ConnectAsync(house, OtherDock);
        await other.TellTopologyAsync(Aircraft);
        await other.HearAsync(DjiTopicKind.StatusReply);
        await Assert.ThrowsAsync<MqttException>(() => dock.SayAsync($"thing/product/{Aircraft}/osd", "{}"));
        await Assert.ThrowsAsync<MqttException>(() => dock.Mqtt.SubscribeAsync($"thing/product/{Aircraft}/events_reply", MqttQos.AtLeastOnce, House.Soon));
        await other.SayAsync(DjiTopicKind.Osd, """{"data":{"mode_code":0}}""", Aircraft);
        await dock.NothingWasSaidAsync();
    }

    [Fact]
    public async Task Who_took_a_dock_for_its_aircraft_hears_nothing_of_it_once_it_comes()
    {
        await using var house = await StartAsync();
        await using var dock = await HandDock.ConnectAsync(house, Dock);
        await dock.TellTopologyAsync(OtherDock);
        await dock.HearAsync(DjiTopicKind.StatusReply);
        await dock.Mqtt.SubscribeAsync($"thing/product/{OtherDock}/#", MqttQos.AtLeastOnce, House.Soon);
        await using var other = await HandDock.ConnectAsync(house, OtherDock);
        await other.TellTopologyAsync();
        await other.HearAsync(DjiTopicKind.StatusReply);
        await other.SayAsync(DjiTopicKind.Osd, """{"data":{"mode_code":0}}""");
        await dock.NothingWasSaidAsync();
        await dock.TellTopologyAsync(OtherDock);
        await dock.HearAsync(DjiTopicKind.StatusReply);
        await Assert.ThrowsAsync<MqttException>(() => dock.Mqtt.SubscribeAsync($"thing/product/{OtherDock}/services", MqttQos.AtLeastOnce, House.Soon));
    }

    [Fact]
    public async Task After_a_restart_of_the_server_the_aircraft_is_still_the_docks()
    {
        await using var house = await StartAsync();
        await using (var dock = await HandDock.ConnectAsync(house, Dock))
        {
            await dock.TellTopologyAsync(Aircraft);
            await dock.HearAsync(DjiTopicKind.StatusReply);
        }
        await house.RestartAsync();
        await using var again = await HandDock.ConnectAsync(house, Dock);
        await again.SayAsync(DjiTopicKind.State, """{"tid":"t","bid":"b","need_reply":1,"data":{"firmware_version":"07.00.0102"}}""", Aircraft);
        await again.NothingWasSaidAsync();
        await ShowsAsync(house, Aircraft, "07.00.0102");
    }

    /// <summary>Between any two steps of the conversation; after a restart a dock tells its topology anew.</summary>
    [Theory]
    [InlineData("log list")]
    [InlineData("log state listed")]
    [InlineData("log upload")]
    [InlineData("\"fileupload_progress\"")]
    public async Task A_restart_of_the_server_is_not_noticed(string before)
    {
        await using var house = await House.StartAsync();
        await using var dock = await PlayedDock.StartAsync(house);
        var steps = Transcript.Of("DjiCloud").Single(t => t.Name == "logs-aircraft-off").Steps;
        var topology = steps.Where(s => s.Text.Contains("update_topo", StringComparison.Ordinal)).ToList();
        foreach (var step in steps)
        {
            if (step.Text.Contains(before, StringComparison.Ordinal) && step.Mark != "!")
            {
                await house.RestartAsync();
                foreach (var again in steps.Where(s => s is { Mark: "*", Text: "connect" }).Concat(topology))
                    await dock.PlayAsync(again with { Text = again.Text.Replace("{now1}", $"{{again{step.Line}}}", StringComparison.Ordinal) });
                before = "\0";
            }
            await dock.PlayAsync(step);
        }
        Assert.Equal("\0", before);
        await dock.NothingIsLeftAsync();
    }

    [Fact]
    public async Task With_the_login_of_the_product_a_connection_is_the_first_dock_it_names()
    {
        await using var house = await StartAsync();
        (await house.SendAsync("PATCH", "/api/v1/products/docks", """{"login":{"user":"all-docks","password":"typed once"}}""")).Is(HttpStatusCode.OK);
        await Assert.ThrowsAsync<MqttException>(() => HandDock.ConnectAsync(house, Dock, "all-docks", "wrong"));
        await using var dock = await HandDock.ConnectAsync(house, Dock, "all-docks", "typed once");
        await dock.NothingWasSaidAsync();
        await Assert.ThrowsAsync<MqttException>(() => dock.SayAsync($"thing/product/{OtherDock}/events", "{}"));
        await Assert.ThrowsAsync<MqttException>(() => HandDock.ConnectAsync(house, "4TADOCK0000009", "all-docks", "typed once"));
        var shown = (await house.SendAsync("GET", $"/api/v1/products/docks/devices/{Dock}")).Is(HttpStatusCode.OK);
        Assert.True(shown.Json.GetProperty("presence").GetProperty("connected").GetBoolean());
        // another password is another login
        var closed = dock.Mqtt.Closed;
        (await house.SendAsync("PATCH", "/api/v1/products/docks", """{"login":{"user":"all-docks","password":"typed anew"}}""")).Is(HttpStatusCode.OK);
        await closed.WaitAsync(House.Soon);
    }

    [Fact]
    public async Task Beside_another_server_nothing_is_answered_and_everything_is_heard_by_both()
    {
        await using var house = await StartAsync();
        (await house.SendAsync("PATCH", "/api/v1/products/docks", """{"dji":{"mode":"beside"}}""")).Is(HttpStatusCode.OK);
        (await house.SendAsync("PUT", "/api/v1/mqtt-accounts/other-server", """{"password":"of the other server","publish":["thing/product/#","sys/product/#"],"subscribe":["thing/product/#","sys/product/#"]}""")).Is(HttpStatusCode.Created);
        var heard = Channel.CreateUnbounded<string>();
        await using var server = await MqttClient.ConnectAsync(
            new()
            {
                Host = "127.0.0.1",
                Port = house.Server.MqttPort,
                Connect = new() { ClientId = "other-server", UserName = "other-server", Password = "of the other server"u8.ToArray() },
                OnMessage = (_, message, _) =>
                {
                    heard.Writer.TryWrite(message.Topic.ToString());
                    return default;
                },
            },
            House.Soon);
        await server.SubscribeAsync("sys/product/+/status", MqttQos.AtLeastOnce, House.Soon);
        await server.SubscribeAsync("thing/product/+/requests", MqttQos.AtLeastOnce, House.Soon);
        await server.SubscribeAsync("thing/product/+/osd", MqttQos.AtLeastOnce, House.Soon);
        await using var dock = await HandDock.ConnectAsync(house, Dock);
        await dock.SayAsync(DjiTopicKind.Requests, """{"tid":"t1","bid":"b1","method":"config","data":{}}""");
        Assert.Equal($"thing/product/{Dock}/requests", await heard.Reader.ReadAsync(House.Soon));
        await dock.TellTopologyAsync(Aircraft);
        Assert.Equal($"sys/product/{Dock}/status", await heard.Reader.ReadAsync(House.Soon));
        await dock.SayAsync(DjiTopicKind.Osd, """{"data":{"mode_code":0}}""");
        Assert.Equal($"thing/product/{Dock}/osd", await heard.Reader.ReadAsync(House.Soon));
        // it answers, and we do not
        await server.PublishAsync($"thing/product/{Dock}/requests_reply", """{"tid":"t1","bid":"b1","method":"config","data":{"app_id":"theirs"}}"""u8.ToArray(), MqttQos.AtLeastOnce, House.Soon);
        Assert.Equal("theirs", (await dock.HearAsync(DjiTopicKind.RequestsReply)).GetProperty("data").GetProperty("app_id").GetString());
        Assert.False(dock.HasHeard);
        // what was learned by listening
        await Eventually.IsAsync("the aircraft known", async () => (await house.SendAsync("GET", $"/api/v1/products/docks/devices/{Dock}")).Text.Contains(Aircraft, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_set_aside_shows_no_secret()
    {
        await using var house = await StartAsync();
        await using var dock = await HandDock.ConnectAsync(house, Dock);
        // rows that the database cannot take
        await house.Get<Database>().WriteAsync(db => db.RunAsync("alter table gateway_members rename to members_away"), House.Soon);
        var said = """{"tid":"t","bid":"b","method":"update_topo","data":{"device_secret":"very-secret-1","nonce":"very-secret-2","sub_devices":[{"sn":"4TADRONE000001","device_secret":"very-secret-3","nonce" : "very-secret-4"}]}}""";
        await dock.SayAsync(DjiTopicKind.Status, said);
        var list = await house.SendAsync("GET", "/api/v1/dead-messages");
        Assert.Contains("update_topo", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", list.Text, StringComparison.Ordinal);
        await house.Get<Database>().WriteAsync(db => db.RunAsync("alter table members_away rename to gateway_members"), House.Soon);
        var id = list.Json.GetProperty("items")[0].GetProperty("id").GetString();
        (await house.SendAsync("POST", $"/api/v1/dead-messages/{id}/replay")).Is(HttpStatusCode.OK, HttpStatusCode.NoContent);
        Assert.Contains(Aircraft, (await house.SendAsync("GET", $"/api/v1/products/docks/devices/{Dock}")).Text, StringComparison.Ordinal);
    }

    static Task ShowsAsync(House house, string sn, string firmware) =>
        Eventually.IsAsync("its firmware known", async () => (await house.SendAsync("GET", $"/api/v1/products/docks/devices/{sn}"))["firmware"] == firmware);

    static async Task<House> StartAsync()
    {
        var house = await House.StartAsync();
        (await house.SendAsync("PUT", "/api/v1/products/docks", """{"name":"Docks","dialects":["dji"]}""")).Is(HttpStatusCode.Created);
        foreach (var sn in (string[])[Dock, OtherDock])
            (await house.SendAsync("PUT", $"/api/v1/products/docks/devices/{sn}", $$"""{"secret":"{{HandDock.Secret}}"}""")).Is(HttpStatusCode.Created);
        return house;
    }
}
