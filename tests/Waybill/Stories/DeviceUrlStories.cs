using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>The HTTP side as curl sees it: what the vendor's clients can and cannot read (tencent-hub, rules 8 to 14).</summary>
public sealed class DeviceUrlStories
{
    const string PublicUrl = "http://files.example.com";
    static readonly byte[] s_bytes = RandomNumberGenerator.GetBytes(60_000);

    [Fact]
    public async Task Answers_carry_a_length_in_canonical_case_and_a_put_closes()
    {
        await using var house = await StartAsync();
        using var hand = new HandPlayed(house, "mqttv311");
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        foreach (var method in (string[])["PUT", "POST"])
        {
            var url = await device.AskUploadAsync($"by-{method}", s_bytes);
            var (head, body) = await hand.CurlAsync(url, "-X", method, "--data-binary", "@" + hand.File(s_bytes));
            IsPlain(head, 200);
            Assert.Contains("\nContent-Length: 0\n", head, StringComparison.Ordinal);
            Assert.Contains("\nConnection: close\n", head, StringComparison.Ordinal);
            Assert.Empty(body);
        }
        var download = await DownloadUrlAsync(house, device);
        var (got, _) = await hand.CurlAsync(download, "-H", "Accept-Encoding: gzip, deflate", "-o", "/dev/null", "-D", "-", "--no-include");
        var (headOnly, none) = await hand.CurlAsync(download, "-I");
        foreach (var head in (string[])[got, headOnly])
        {
            IsPlain(head, 200);
            Assert.Contains("\nContent-Length: 60000\n", head, StringComparison.Ordinal);
            Assert.DoesNotContain("Content-Encoding", head, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("\nX-Content-Type-Options: nosniff\n", head, StringComparison.Ordinal);
            Assert.Contains("sandbox", head, StringComparison.Ordinal);
            Assert.Contains("\nContent-Disposition: attachment", head, StringComparison.Ordinal);
        }
        Assert.Empty(none);
    }

    [Fact]
    public async Task A_refusal_is_403_or_404_and_leaves_the_transfer_open()
    {
        await using var house = await StartAsync();
        using var hand = new HandPlayed(house, "mqttv311");
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var url = await device.AskUploadAsync("a", s_bytes);
        var (good, other) = (hand.File(s_bytes), hand.File(RandomNumberGenerator.GetBytes(60_000)));
        string[][] refused =
        [
            ["-T", good, "-H", "Content-MD5: " + Convert.ToBase64String(new byte[16])],
            ["-T", good, "-H", "Content-MD5: nonsense"],
            ["-T", other],
            ["-T", hand.File(s_bytes[..59_999])],
            ["-T", hand.File([.. s_bytes, 0])],
            ["-T", hand.File(s_bytes[..59_999]), "-H", "Transfer-Encoding: chunked", "-H", "Expect:"],
            ["-T", hand.File([.. s_bytes, 0]), "-H", "Transfer-Encoding: chunked", "-H", "Expect:"],
        ];
        foreach (var arguments in refused)
            IsPlain((await hand.CurlAsync(url, arguments)).Head, 403);
        foreach (var unknown in (string[])[$"{PublicUrl}/o/AAAAAAAAAAAAAAAAAAAAAA", url + "x", url[..^1], $"{PublicUrl}/o/", $"{PublicUrl}/o/a/b"])
            IsPlain((await hand.CurlAsync(unknown, "-T", good)).Head, 404);
        // an upload's URL is for uploading only
        IsPlain((await hand.CurlAsync(url)).Head, 404);
        IsPlain((await hand.CurlAsync(url, "-X", "DELETE")).Head, 404);
        Assert.Equal("sent", (await house.SendAsync("GET", "/api/v1/transfers"))["items.0.state"]);
        Assert.Empty(Directory.GetFiles(Path.Join(house.Directory, "incoming")));
        IsPlain((await hand.CurlAsync(url, "-T", good)).Head, 200);
        Assert.Equal("ok", (await house.SendAsync("GET", "/api/v1/transfers"))["items.0.state"]);
        IsPlain((await hand.CurlAsync(url, "-T", good)).Head, 200);
        IsPlain((await hand.CurlAsync(url, "-T", other)).Head, 403);
    }

    [Fact]
    public async Task A_broken_connection_stores_nothing_and_the_retry_works()
    {
        await using var house = await StartAsync();
        using var hand = new HandPlayed(house, "mqttv311");
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var bytes = RandomNumberGenerator.GetBytes(1_000_000);
        var url = await device.AskUploadAsync("a", bytes);
        var incoming = Path.Join(house.Directory, "incoming");
        await using (Tool.Start("curl", [.. hand.Command(url), "-T", hand.File(bytes), "--limit-rate", "20000"]))
            await Eventually.IsAsync("a body on its way", () => Directory.GetFiles(incoming).Length == 1);
        await Eventually.IsAsync("nothing of it left", () => Directory.GetFiles(incoming).Length == 0);
        Assert.Equal("sent", (await house.SendAsync("GET", "/api/v1/transfers"))["items.0.state"]);
        IsPlain((await hand.CurlAsync(url, "-T", hand.File(bytes))).Head, 200);
        Assert.Equal("ok", (await house.SendAsync("GET", "/api/v1/transfers"))["items.0.state"]);
    }

    [Fact]
    public async Task Expired_superseded_and_canceled_URLs_are_403()
    {
        await using var house = await StartAsync();
        using var hand = new HandPlayed(house, "mqttv311");
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var good = hand.File(s_bytes);
        var superseded = await device.AskUploadAsync("a", s_bytes);
        Assert.Equal(superseded, await device.AskUploadAsync("a", s_bytes));
        var canceled = await device.AskUploadAsync("a", RandomNumberGenerator.GetBytes(60_000));
        Assert.NotEqual(superseded, canceled);
        IsPlain((await hand.CurlAsync(superseded, "-T", good)).Head, 403);
        (await house.SendAsync("POST", $"/api/v1/transfers/{(await house.SendAsync("GET", "/api/v1/transfers?limit=1"))["items.0.id"]}/cancel")).Is(HttpStatusCode.OK);
        IsPlain((await hand.CurlAsync(canceled, "-T", good)).Head, 403);
    }

    [Fact]
    public async Task A_URL_past_its_time_is_403()
    {
        await using var house = await StartAsync(("Transfers:UploadUrl", "00:00:01"), ("Transfers:DownloadUrl", "00:00:01"));
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var upload = await device.AskUploadAsync("a", s_bytes);
        var download = await DownloadUrlAsync(house, device);
        await Eventually.IsAsync("the download's URL expired", async () => await StatusAsync(house, download) == HttpStatusCode.Forbidden);
        Assert.Equal(HttpStatusCode.Forbidden, await HubDevice.PutAsync(house.Devices, upload, s_bytes));
    }

    static async Task<House> StartAsync(params (string, string?)[] settings)
    {
        var house = await House.StartAsync([("PublicUrl", PublicUrl), .. settings]);
        await house.DeviceAsync();
        return house;
    }

    static async Task<string> DownloadUrlAsync(House house, HubDevice device)
    {
        await house.OrderAsync("fw.bin", s_bytes);
        await device.SayAsync("""{"type":"get_download_task"}""");
        return (await device.HearAsync("get_download_task_rsp")).GetProperty("url").GetString()!;
    }

    static async Task<HttpStatusCode> StatusAsync(House house, string url)
    {
        using var answer = await house.Devices.GetAsync(new Uri(new Uri(url).AbsolutePath, UriKind.Relative), House.Soon);
        return answer.StatusCode;
    }

    /// <summary>What a client with a 1 KB buffer and a case-sensitive eye can read.</summary>
    static void IsPlain(string head, int status)
    {
        var lines = head.Trim('\n').Split('\n');
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} "), lines[0], StringComparison.Ordinal);
        Assert.All(lines[1..], line => Assert.Matches("^[A-Z][A-Za-z0-9]*(-[A-Z0-9][A-Za-z0-9]*)*: ", line));
        Assert.Contains(lines, line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("Location", StringComparison.OrdinalIgnoreCase));
        Assert.InRange(head.Length, 1, 1000);
    }
}
