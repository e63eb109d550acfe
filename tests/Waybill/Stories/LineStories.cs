using System.Net;
using System.Text;
using Waybill.Data;
using Waybill.Line;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>The straight line when something is wrong with a message or with the database.</summary>
public sealed class LineStories
{
    [Fact]
    public async Task A_message_the_database_refuses_is_set_aside_and_the_others_are_answered()
    {
        await using var house = await House.StartAsync();
        var devices = await DevicesAsync(house, 8);
        var database = house.Get<Database>();
        await database.WriteAsync(db => db.RunAsync(database is SqliteDatabase
            ? "create trigger refuse before insert on transfers when new.name = 'poison' begin select raise(abort, 'poisoned'); end"
            : "alter table transfers add constraint refuse check (name <> 'poison')"), House.Soon);

        await using (var held = await HeldDatabase.TakeAsync(house))
        {
            var said = devices.Select((d, i) => d.SayAsync(Create(i == 5 ? "poison" : "good"))).ToList();
            // one is in the batch that cannot begin
            await Eventually.IsAsync("the others in the inbox", () => house.Get<Inbox>().Count >= devices.Count - 1);
            await held.ReleaseAsync();
            await Task.WhenAll(said);
        }

        foreach (var device in devices.Where((_, i) => i != 5))
            Assert.Equal("good", (await device.HearAsync("create_upload_task_rsp")).GetProperty("name").GetString());
        Assert.Contains("/o/", await devices[5].AskUploadAsync("good", [1]), StringComparison.Ordinal);
        var dead = (await house.SendAsync("GET", "/api/v1/dead-messages")).Is(HttpStatusCode.OK);
        Assert.Equal((Create("poison"), devices[5].Name), (dead["items.0.payload"], dead["items.0.device"]));
        Assert.Single(dead.Json.GetProperty("items").EnumerateArray());
        await EndAsync(devices);
    }

    /// <param name="but">Room for a probe of the database, but not for a batch.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(8192)]
    public async Task While_the_database_has_no_room_messages_wait_and_nothing_is_lost(int but)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("WAYBILL_TEST_POSTGRES") is { Length: > 0 }, "SQLite's disk.");
        await using var disk = await SmallDisk.MountAsync(8 << 20);
        var objects = Directory.CreateTempSubdirectory("waybill-objects-").FullName;
        await using (var house = await House.StartAsync(("Data", disk.Path), ("Objects:Path", objects)))
        {
            var devices = await DevicesAsync(house, 8);
            await disk.FillAsync(but);
            var said = devices.SelectMany(d => Enumerable.Range(0, 4).Select(i => d.SayAsync(Create($"f{i}")))).ToList();
            await Eventually.IsAsync("not ready", async () => (await house.SendAsync("GET", "/readyz")).Status == HttpStatusCode.ServiceUnavailable);
            Assert.Contains(said, s => !s.IsCompleted);
            disk.Free();
            await Task.WhenAll(said);
            foreach (var device in devices)
                for (var i = 0; i < 4; i++)
                    Assert.Equal($"f{i}", (await device.HearAsync("create_upload_task_rsp")).GetProperty("name").GetString());
            Assert.Empty((await house.SendAsync("GET", "/api/v1/dead-messages")).Json.GetProperty("items").EnumerateArray());
            await Eventually.IsAsync("ready", async () => (await house.SendAsync("GET", "/readyz")).Status == HttpStatusCode.OK);
            await EndAsync(devices);
        }
        Directory.Delete(objects, recursive: true);
    }

    [Fact]
    public async Task While_PostgreSQL_is_away_messages_wait_and_nothing_is_lost()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("WAYBILL_TEST_POSTGRES") is { Length: > 0 }, "PostgreSQL's case.");
        await using var house = await House.StartAsync();
        var devices = await DevicesAsync(house, 4);
        await using (await house.ClosePostgresAsync())
        {
            var said = devices.Select(d => d.SayAsync(Create("a"))).ToList();
            await Eventually.IsAsync("not ready", async () => (await house.SendAsync("GET", "/readyz")).Status == HttpStatusCode.ServiceUnavailable);
            Assert.DoesNotContain(said, s => s.IsCompleted);
        }
        foreach (var device in devices)
            Assert.Equal("a", (await device.HearAsync("create_upload_task_rsp")).GetProperty("name").GetString());
        Assert.Empty((await house.SendAsync("GET", "/api/v1/dead-messages")).Json.GetProperty("items").EnumerateArray());
        await EndAsync(devices);
    }

    [Fact]
    public async Task A_full_disk_under_the_objects_aborts_the_body_and_the_retry_works()
    {
        await using var disk = await SmallDisk.MountAsync(4 << 20);
        await using var house = await House.StartAsync(("Objects:Path", disk.Path));
        await house.DeviceAsync();
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var bytes = new byte[3_000_000];
        var url = await device.AskUploadAsync("a", bytes);
        await disk.FillAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => HubDevice.PutAsync(house.Devices, url, bytes));
        Assert.Equal("sent", (await house.SendAsync("GET", "/api/v1/transfers"))["items.0.state"]);
        disk.Free();
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, url, bytes));
        Assert.Equal("ok", (await house.SendAsync("GET", "/api/v1/transfers"))["items.0.state"]);
    }

    [Fact]
    public async Task A_repeat_gets_the_same_answer()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var url = await device.AskUploadAsync("a", [1, 2, 3]);
        var create = $$"""{"type":"create_upload_task","size":3,"name":"a","md5sum":"{{HubDevice.Md5([1, 2, 3])}}"}""";
        var again = new MqttMessage(device.Up, Encoding.UTF8.GetBytes(create))
        {
            Qos = MqttQos.AtLeastOnce,
            Dup = true,
        };
        await device.Mqtt.PublishAsync(again, House.Soon);
        Assert.Equal(url, (await device.HearAsync("create_upload_task_rsp")).GetProperty("url").GetString());
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, url, [1, 2, 3]));
        for (var i = 0; i < 3; i++)
            await device.ReportAsync("upload", "a");
        Assert.Single((await house.SendAsync("GET", "/api/v1/transfers")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_a_dead_connection_asked_does_not_reach_its_successor()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await using var first = await HubDevice.ConnectAsync(house.Server.MqttPort);
        // its first word is followed by an offer of what waits for it
        await first.SayAsync(Create("asked-first"));
        await first.HearAsync("create_upload_task_rsp");
        await Eventually.IsAsync("the line at rest", () => house.Get<Inbox>().Count == 0);
        await using var held = await HeldDatabase.TakeAsync(house);
        var said = first.SayAsync(Create("asked-before"));
        await Eventually.IsAsync("the line busy with it", () => house.Get<Inbox>().Count == 0);
        await using var second = await HubDevice.ConnectAsync(house.Server.MqttPort);
        await first.Mqtt.Closed;
        await held.ReleaseAsync();
        await second.SayAsync(Create("asked-now"));
        Assert.Equal("asked-now", (await second.HearAsync("create_upload_task_rsp")).GetProperty("name").GetString());
        Assert.False(second.HasHeard("create_upload_task_rsp"));
        await Assert.ThrowsAnyAsync<Exception>(() => said);
        Assert.Equal(3, (await house.SendAsync("GET", "/api/v1/transfers")).Json.GetProperty("items").GetArrayLength());
    }

    static string Create(string name) => $$"""{"type":"create_upload_task","size":1,"name":"{{name}}","md5sum":"{{HubDevice.Md5([1])}}"}""";

    static async Task<IReadOnlyList<HubDevice>> DevicesAsync(House house, int count)
    {
        var devices = new List<HubDevice>();
        for (var i = 0; i < count; i++)
        {
            await house.DeviceAsync(device: $"dev{i:000}");
            devices.Add(await HubDevice.ConnectAsync(house.Server.MqttPort, $"dev{i:000}"));
        }
        return devices;
    }

    static async Task EndAsync(IReadOnlyList<HubDevice> devices)
    {
        foreach (var device in devices)
            await device.DisposeAsync();
    }
}
