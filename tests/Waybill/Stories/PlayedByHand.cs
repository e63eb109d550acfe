using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>
/// mosquitto_pub, mosquitto_sub, mosquitto_rr and curl play a device. A device has one connection at a time and an answer belongs to the
/// connection that asked: so what is asked and answered goes through mosquitto_rr, which is the other two in one connection.
/// </summary>
public sealed class PlayedByHand
{
    const string PublicUrl = "http://files.example.com";

    [Theory]
    [InlineData("mqttv31")]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task An_upload(string version)
    {
        await using var house = await House.StartAsync(("PublicUrl", PublicUrl));
        await house.DeviceAsync();
        using var hand = new HandPlayed(house, version);
        var bytes = RandomNumberGenerator.GetBytes(150_000);

        var task = await hand.AskAsync(Create("rec.bin", bytes));
        Assert.Equal("create_upload_task_rsp", task.GetProperty("type").GetString());
        Assert.Equal((150_000, "rec.bin", HubDevice.Md5(bytes)), Resource(task));
        var url = task.GetProperty("url").GetString()!;
        Assert.Matches("^http://files[.]example[.]com/o/[A-Za-z0-9_-]+$", url);

        await hand.SayAsync("""{"type":"report_upload_progress","name":"rec.bin","progress":{"percent":40,"state":"uploading","result_code":0,"result_msg":""}}""", qos: 0);
        await Eventually.IsAsync("40 % shown", async () => (await TransferAsync(house))["items.0.percent"] == "40");
        var (head, _) = await hand.CurlAsync(url, "-T", hand.File(bytes), "-H", $"Content-MD5: {Convert.ToBase64String(MD5.HashData(bytes))}");
        Assert.StartsWith("HTTP/1.1 200 OK\n", head, StringComparison.Ordinal);
        await hand.SayAsync("""{"type":"report_upload_progress","name":"rec.bin","progress":{"state":"done","result_code":0,"result_msg":""}}""");

        var transfer = await TransferAsync(house);
        Assert.Equal(("upload", "ok", "100", "rec.bin"), (transfer["items.0.kind"], transfer["items.0.state"], transfer["items.0.percent"], transfer["items.0.file.name"]));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), transfer["items.0.file.sha256"]);
        Assert.Equal(bytes, await house.Api.GetByteArrayAsync(new Uri($"/api/v1/transfers/{transfer["items.0.id"]}/content", UriKind.Relative), House.Soon));
    }

    [Theory]
    [InlineData("mqttv31")]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task A_pushed_download(string version)
    {
        await using var house = await House.StartAsync(("PublicUrl", PublicUrl));
        await house.DeviceAsync();
        using var hand = new HandPlayed(house, version);
        var bytes = RandomNumberGenerator.GetBytes(120_000);
        await house.OrderAsync("fw.bin", bytes);

        var push = await hand.ListenAsync();
        Assert.Equal("download", push.GetProperty("type").GetString());
        Assert.Equal((120_000, "fw.bin", HubDevice.Md5(bytes)), Resource(push));
        await FetchAsync(hand, push.GetProperty("url").GetString()!, bytes);
        await hand.SayAsync("""{"type":"report_download_progress","name":"fw.bin","progress":{"state":"done","result_code":0,"result_msg":""}}""");
        await Eventually.IsAsync("ok", async () => (await TransferAsync(house))["items.0.state"] == "ok");
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task A_download_the_device_asks_for(string version)
    {
        await using var house = await House.StartAsync(("PublicUrl", PublicUrl));
        await house.DeviceAsync();
        using var hand = new HandPlayed(house, version);
        var bytes = RandomNumberGenerator.GetBytes(120_000);
        await house.OrderAsync("fw.bin", bytes);

        var task = await hand.AskAsync("""{"type":"get_download_task"}""");
        Assert.Equal("get_download_task_rsp", task.GetProperty("type").GetString());
        await FetchAsync(hand, task.GetProperty("url").GetString()!, bytes);
        var answer = await hand.AskAsync("""{"type":"report_download_progress","name":"fw.bin","progress":{"state":"done","result_code":0,"result_msg":""}}""");
        Assert.Equal("""{"type":"report_download_progress_rsp","result_code":0,"result_msg":"ok"}""", answer.ToString());
        Assert.Equal("ok", (await TransferAsync(house))["items.0.state"]);
    }

    /// <summary>In pieces, the last with an end past the last byte, as the vendor's client does.</summary>
    static async Task FetchAsync(HandPlayed hand, string url, byte[] bytes)
    {
        const int Piece = 50 * 1024;
        var fetched = Path.GetTempFileName();
        using var all = new MemoryStream();
        for (var at = 0; at < bytes.Length; at += Piece)
        {
            var (head, _) = await hand.CurlAsync(url, "-r", $"{at}-{at + Piece - 1}", "-o", fetched, "-D", "-", "--no-include");
            var last = Math.Min(at + Piece, bytes.Length) - 1;
            Assert.StartsWith("HTTP/1.1 206 Partial Content\n", head, StringComparison.Ordinal);
            Assert.Contains($"\nContent-Length: {last - at + 1}\n", head, StringComparison.Ordinal);
            Assert.Contains($"\nContent-Range: bytes {at}-{last}/{bytes.Length}\n", head, StringComparison.Ordinal);
            await all.WriteAsync(await File.ReadAllBytesAsync(fetched, House.Soon), House.Soon);
        }
        File.Delete(fetched);
        Assert.Equal(bytes, all.ToArray());
    }

    static (int Size, string? Name, string? Md5) Resource(JsonElement message) =>
        (message.GetProperty("size").GetInt32(), message.GetProperty("name").GetString(), message.GetProperty("md5sum").GetString());

    static string Create(string name, byte[] bytes) =>
        $$"""{"type": "create_upload_task","size": {{bytes.Length}},"name": "{{name}}","md5sum": "{{HubDevice.Md5(bytes)}}"}""";

    static async Task<Reply> TransferAsync(House house) => (await house.SendAsync("GET", "/api/v1/transfers?limit=1")).Is(HttpStatusCode.OK);

}
