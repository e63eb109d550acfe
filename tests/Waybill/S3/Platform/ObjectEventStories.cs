using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Waybill.Gate;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Tests.Api;
using Waybill.Tests.Events;
using Waybill.Tests.Objects;
using Waybill.Tests.Webhooks;
using Xunit;

namespace Waybill.Tests.S3.Platform;

/// <summary>What happens to objects is told in every way that the feed has.</summary>
public sealed class ObjectEventStories
{
    static readonly byte[] s_bytes = StoreDirectory.Random(4096);

    static CancellationToken Ct => House.Soon;

    [Fact]
    public async Task Storing_overwriting_and_removing_are_told_with_who_did_it()
    {
        await using var house = await S3Play.HouseAsync();
        await house.DeviceAsync();
        await house.BucketAsync();
        using var owner = house.Owner();
        using var device = house.DeviceClient();

        await owner.PutAsync("logs/a", s_bytes);
        await device.PutAsync("logs/a", [1]);
        await owner.DeleteObjectAsync("box", "logs/a", Ct);
        await owner.DeleteObjectAsync("box", "logs/a", Ct);

        var told = await ToldAsync(house);
        Assert.Equal(
            [
                ("object.stored", null, null, 4096, "OWNERKEY", false),
                ("object.stored", S3Play.Product, "dev001", 1, "ABCDE12345/dev001", true),
                ("object.removed", S3Play.Product, "dev001", 1, "OWNERKEY", false),
            ],
            told.Select(Short));
        var first = told[0].GetProperty("object");
        Assert.Equal(
            ("box", "logs/a", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(s_bytes))),
            (first.GetProperty("bucket").GetString(), first.GetProperty("key").GetString(), first.GetProperty("sha256").GetString()));
        Assert.False(told[0].TryGetProperty("transfer", out _));
    }

    [Fact]
    public async Task A_device_whose_object_another_puts_over_is_told_that_it_went()
    {
        await using var house = await S3Play.HouseAsync();
        await house.DeviceAsync();
        await house.DeviceAsync(device: "dev002");
        await house.BucketAsync();
        using var first = house.DeviceClient();
        using var second = house.DeviceClient("dev002");
        await first.PutAsync("a", [1]);
        await second.PutAsync("a", [2, 2]);
        Assert.Equal(
            [("object.stored", "dev001"), ("object.removed", "dev001"), ("object.stored", "dev002")],
            (await ToldAsync(house)).Select(e => (Text(e, "type"), Text(e, "device"))));
    }

    [Fact]
    public async Task Copies_parts_put_together_and_many_removed_at_once_are_told_each()
    {
        await using var house = await S3Play.HouseAsync();
        await house.BucketAsync();
        using var owner = house.Owner();
        await owner.PutAsync("a", s_bytes);
        await owner.CopyObjectAsync("box", "a", "box", "b", Ct);
        await owner.CompleteMultipartUploadAsync(await owner.PartsAsync("c", s_bytes), Ct);
        await owner.DeleteObjectsAsync(new() { BucketName = "box", Objects = [new() { Key = "c" }, new() { Key = "none" }, new() { Key = "a" }] }, Ct);
        Assert.Equal(
            [("object.stored", "a"), ("object.stored", "b"), ("object.stored", "c"), ("object.removed", "a"), ("object.removed", "c")],
            (await ToldAsync(house)).Select(e => (Text(e, "type"), Text(e.GetProperty("object"), "key"))));
    }

    [Fact]
    public async Task A_refused_put_is_not_told()
    {
        await using var house = await S3Play.HouseAsync();
        await house.BucketAsync(quota: """{"maxObjects":1}""");
        using var owner = house.Owner();
        await owner.PutAsync("a", s_bytes);
        await S3Play.RefusedAsync(owner.PutAsync("b", s_bytes));
        Assert.Single(await ToldAsync(house));
    }

    [Fact]
    public async Task Filters_and_scopes_hold_for_objects_too()
    {
        await using var house = await S3Play.HouseAsync();
        await house.DeviceAsync();
        await house.BucketAsync();
        await house.UploadAsync("transfer", [1]);
        using var owner = house.Owner();
        using var device = house.DeviceClient();
        await owner.PutAsync("nobodys", s_bytes);
        await device.PutAsync("devices", s_bytes);

        Assert.Equal(["nobodys", "devices"], Keys(await ToldAsync(house, "type=object.stored")));
        Assert.Equal(["devices"], Keys(await ToldAsync(house, $"type=object.stored,object.removed&product={S3Play.Product}")));
        Assert.Equal(["devices"], Keys(await ToldAsync(house, "type=object.stored&device=dev001")));
        Assert.All(await ToldAsync(house, "type=transfer.ok,transfer.sent"), e => Assert.True(e.TryGetProperty("transfer", out _)));
        var token = await house.TokenAsync(House.AdminKey, "dev001", "events.read");
        var seen = (await house.ByAsync(token, "GET", "/api/v1/events?type=object.stored")).Is(HttpStatusCode.OK);
        Assert.Equal(["devices"], Keys([.. seen.Json.GetProperty("items").EnumerateArray()]));
    }

    [Fact]
    public async Task A_stream_tells_objects_as_they_come()
    {
        await using var house = await S3Play.HouseAsync();
        await house.DeviceAsync();
        await house.BucketAsync();
        await using var all = await EventSource.OpenAsync(house);
        await using var some = await EventSource.OpenAsync(house, "device=dev001");
        using var owner = house.Owner();
        using var device = house.DeviceClient();
        await owner.PutAsync("nobodys", s_bytes);
        await device.PutAsync("devices", s_bytes);
        Assert.Equal(["nobodys", "devices"], Keys([(await all.NextAsync())!.Value, (await all.NextAsync())!.Value]));
        Assert.Equal(["devices"], Keys([(await some.NextAsync())!.Value]));
    }

    [Fact]
    public async Task Webhooks_are_sent_objects()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var house = await S3Play.HouseAsync(("Webhooks:AllowPrivate", "127.0.0.0/8"));
        await house.BucketAsync();
        await house.HookAsync(receiver.Url, ",\"types\":[\"object.removed\"]");
        Assert.Equal("object.removed", (await house.LookAsync())["types.0"]);
        using var owner = house.Owner();
        await owner.PutAsync("a", s_bytes);
        await owner.DeleteObjectAsync("box", "a", Ct);
        Assert.Equal(["object.removed"], (await receiver.NextAsync()).Types);
    }

    [Fact]
    public async Task Over_MQTT_each_has_its_topic()
    {
        await using var house = await S3Play.HouseAsync();
        await house.DeviceAsync();
        await house.BucketAsync();
        var account = (await house.SendAsync("PUT", "/api/v1/mqtt-accounts/app", """{"subscribe":["waybill/events/+/+"]}""")).Is(HttpStatusCode.Created);
        var heard = Channel.CreateUnbounded<string>();
        await using var client = await MqttClient.ConnectAsync(
            new()
            {
                Host = "127.0.0.1",
                Port = house.Server.MqttPort,
                Connect = new MqttConnect { Version = MqttVersion.V50, ClientId = "app", UserName = "app", Password = System.Text.Encoding.UTF8.GetBytes(account["password"]!) },
                OnMessage = (_, message, _) =>
                {
                    heard.Writer.TryWrite(message.Topic);
                    return default;
                },
            },
            Ct);
        await client.SubscribeAsync("waybill/events/+/+", MqttQos.AtLeastOnce, Ct);
        using var owner = house.Owner();
        using var device = house.DeviceClient();
        await owner.PutAsync("nobodys", s_bytes);
        await device.PutAsync("devices", s_bytes);
        Assert.Equal("waybill/events/$buckets/box", await heard.Reader.ReadAsync(Ct));
        Assert.Equal("waybill/events/ABCDE12345/dev001", await heard.Reader.ReadAsync(Ct));
        Assert.True(EventTopics.MayMatch("waybill/events/$buckets/+"));
    }

    static async Task<List<JsonElement>> ToldAsync(House house, string query = "")
    {
        await house.SettledAsync();
        return [.. (await house.SendAsync("GET", "/api/v1/events?" + query)).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray()];
    }

    static (string?, string?, string?, int, string?, bool) Short(JsonElement told)
    {
        var happened = told.GetProperty("object");
        return (Text(told, "type"), Text(told, "product"), Text(told, "device"), happened.GetProperty("size").GetInt32(), Text(happened, "by"), happened.GetProperty("overwrote").GetBoolean());
    }

    static IEnumerable<string?> Keys(IReadOnlyList<JsonElement> told) => told.Select(e => Text(e.GetProperty("object"), "key"));

    static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
