using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Waybill.Data;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class FileStories
{
    const string Library = "/api/v1/products/ABCDE12345/files";

    [Fact]
    public async Task A_file_is_stored_read_in_parts_listed_and_deleted()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        var put = (await house.PutBytesAsync($"{Library}/song%20%E9%9F%B3.mp3/1.0?type=AUDIO", bytes)).Is(HttpStatusCode.Created);
        Assert.Equal("song 音.mp3", put["name"]);
        Assert.Equal("AUDIO", put["type"]);
        Assert.Equal(Convert.ToHexStringLower(MD5.HashData(bytes)), put["md5"]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), put["sha256"]);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Library}/song%20%E9%9F%B3.mp3/1.0/content");
        request.Headers.Range = new RangeHeaderValue(1000, 1999);
        using var part = await house.Api.SendAsync(request, House.Soon);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[1000..2000], await part.Content.ReadAsByteArrayAsync(House.Soon));
        Assert.Equal("attachment", part.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("nosniff", part.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("sandbox", part.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("song 音.mp3", (await house.SendAsync("GET", Library))["items.0.name"]);
        (await house.SendAsync("DELETE", $"{Library}/song%20%E9%9F%B3.mp3/1.0")).Is(HttpStatusCode.NoContent);
        (await house.SendAsync("GET", $"{Library}/song%20%E9%9F%B3.mp3/1.0")).IsProblem(HttpStatusCode.NotFound, "file_not_found");
    }

    [Fact]
    public async Task The_same_bytes_again_change_nothing_and_other_bytes_are_refused()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var first = (await house.PutBytesAsync($"{Library}/a/1", [1])).Is(HttpStatusCode.Created);
        var again = (await house.PutBytesAsync($"{Library}/a/1", [1])).Is(HttpStatusCode.OK);
        Assert.Equal(first.Text, again.Text);
        (await house.PutBytesAsync($"{Library}/a/1", [2])).IsProblem(HttpStatusCode.Conflict, "file_exists");
        (await house.PutBytesAsync($"{Library}/a/2", [2])).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Files_of_a_device_are_its_own()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await house.DeviceAsync(device: "dev002");
        (await house.PutBytesAsync($"/api/v1/products/ABCDE12345/devices/dev001/files/a/1", [1])).Is(HttpStatusCode.Created);
        (await house.PutBytesAsync($"/api/v1/products/ABCDE12345/devices/dev002/files/a/1", [2])).Is(HttpStatusCode.Created);
        Assert.Empty((await house.SendAsync("GET", Library)).Json.GetProperty("items").EnumerateArray());
        Assert.Equal([2], await house.Api.GetByteArrayAsync(new Uri("/api/v1/products/ABCDE12345/devices/dev002/files/a/1/content", UriKind.Relative), House.Soon));
    }

    [Fact]
    public async Task A_body_over_the_maximum_or_with_another_MD5_stores_nothing()
    {
        await using var house = await House.StartAsync(("Objects:MaximumSize", "1000"));
        await house.DeviceAsync();
        (await house.PutBytesAsync($"{Library}/a/1", new byte[1001])).IsProblem(HttpStatusCode.RequestEntityTooLarge, "too_large");
        using var content = new ByteArrayContent([1]);
        content.Headers.ContentMD5 = new byte[16];
        (await Reply.OfAsync(await house.Api.PutAsync(new Uri($"{Library}/a/1", UriKind.Relative), content, House.Soon))).IsProblem(HttpStatusCode.UnprocessableEntity, "md5_mismatch");
        (await house.SendAsync("GET", $"{Library}/a/1")).IsProblem(HttpStatusCode.NotFound, "file_not_found");
        Assert.Empty(Directory.EnumerateFiles(Path.Join(house.Directory, "incoming")));
    }

    [Fact]
    public async Task A_body_that_breaks_off_stores_nothing_and_the_server_goes_on()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(house.Server.Api.Host, house.Server.Api.Port, House.Soon);
            var head = $"PUT {Library}/a/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {House.AdminKey}\r\nContent-Length: 100000\r\n\r\nbegin";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), House.Soon);
            var incoming = Path.Join(house.Directory, "incoming");
            var begun = House.Soon;
            while (!Directory.EnumerateFiles(incoming).Any())
                await house.SendAsync("GET", "/healthz").WaitAsync(begun);
        }
        var gone = House.Soon;
        while (Directory.EnumerateFiles(Path.Join(house.Directory, "incoming")).Any())
            await house.SendAsync("GET", "/healthz").WaitAsync(gone);
        (await house.SendAsync("GET", $"{Library}/a/1")).IsProblem(HttpStatusCode.NotFound, "file_not_found");
        (await house.PutBytesAsync($"{Library}/a/1", [1])).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_file_with_an_open_transfer_is_not_deleted()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        (await house.PutBytesAsync($"{Library}/a/1", [1])).Is(HttpStatusCode.Created);
        var order = (await house.SendAsync("POST", "/api/v1/transfers",
            """{"kind":"download","product":"ABCDE12345","device":"dev001","file":{"name":"a","version":"1"}}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("DELETE", $"{Library}/a/1")).IsProblem(HttpStatusCode.Conflict, "file_in_use");
        (await house.SendAsync("POST", $"/api/v1/transfers/{order.Id}/cancel")).Is(HttpStatusCode.OK);
        (await house.SendAsync("DELETE", $"{Library}/a/1")).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Bytes_that_nothing_refers_to_go_after_the_grace_time_and_shared_ones_stay()
    {
        await using var house = await House.StartAsync(("Objects:Grace", "00:00:00.1"));
        await house.DeviceAsync();
        (await house.PutBytesAsync($"{Library}/gone/1", [1])).Is(HttpStatusCode.Created);
        (await house.PutBytesAsync($"{Library}/shared/1", [2])).Is(HttpStatusCode.Created);
        (await house.PutBytesAsync($"{Library}/shared/2", [2])).Is(HttpStatusCode.Created);
        (await house.SendAsync("DELETE", $"{Library}/shared/1")).Is(HttpStatusCode.NoContent);
        (await house.SendAsync("DELETE", $"{Library}/gone/1")).Is(HttpStatusCode.NoContent);
        var gone = ObjectPath(house, [1]);
        var deadline = House.Soon;
        while (File.Exists(gone))
            await house.Get<Database>().FirstAsync<long>("select count(*) from objects", null, deadline);
        Assert.True(File.Exists(ObjectPath(house, [2])));
        Assert.Equal([2], await house.Api.GetByteArrayAsync(new Uri($"{Library}/shared/2/content", UriKind.Relative), House.Soon));
        (await house.PutBytesAsync($"{Library}/gone/1", [1])).Is(HttpStatusCode.Created);
        Assert.Equal([1], await house.Api.GetByteArrayAsync(new Uri($"{Library}/gone/1/content", UriKind.Relative), House.Soon));
    }

    static string ObjectPath(House house, byte[] bytes)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return Path.Join(house.Directory, "objects", hash[..2], hash);
    }
}
