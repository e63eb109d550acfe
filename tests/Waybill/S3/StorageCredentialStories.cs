using System.Net;
using Amazon.Runtime;
using Waybill.Objects.Credentials;
using Waybill.Objects.Credentials.Issuers;
using Waybill.Settings;
using Waybill.Tests.Api;
using Xunit;

namespace Waybill.Tests.S3;

/// <summary>Temporary credentials for devices, at our own endpoint.</summary>
public sealed class StorageCredentialStories
{
    const string Device = $"/api/v1/products/{Keyring.Product}/devices/dev001";
    const string Credentials = $"{Device}/storage-credentials";
    const string Denied = "AccessDenied";

    [Fact]
    public async Task A_device_uploads_below_its_prefix_and_does_nothing_else()
    {
        await using var house = await StartAsync();
        var made = await MakeAsync(house, Body("upload"));
        var device = made.Credentials();

        Assert.Equal(("ours", "minio", "us-east-1", "box", "dock1/"), (made["issuer"], made["provider"], made["region"], made["bucket"], made["prefix"]));
        Assert.Equal(house.Server.S3.OriginalString.TrimEnd('/'), made["endpoint"]);
        Assert.InRange(made.Json.GetProperty("expiresAt").GetDateTime() - DateTime.UtcNow, TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(61));
        Assert.Null(await house.PutAsync(device, "dock1/a"));
        Assert.Null(await house.PutPartsAsync(device, "dock1/b"));
        foreach (var outside in (string[])["a", "dock1", "dock10/a", "dock2/a"])
            Assert.Equal(Denied, await house.PutAsync(device, outside));
        Assert.Equal(Denied, await house.PutPartsAsync(device, "dock2/b"));
        Assert.Equal(Denied, await house.GetAsync(device, "dock1/a"));
        Assert.Equal(Denied, await house.ListAsync(device, "dock1/"));
        Assert.Equal(Denied, await house.DeleteAsync(device, "dock1/a"));
    }

    [Fact]
    public async Task Other_actions_are_handed_out_one_by_one()
    {
        await using var house = await StartAsync();
        Assert.Null(await house.PutAsync(house.Owner(), "dock1/a"));
        var reader = (await MakeAsync(house, Body("read\",\"list"))).Credentials();
        var cleaner = (await MakeAsync(house, Body("delete"))).Credentials();

        Assert.Null(await house.GetAsync(reader, "dock1/a"));
        Assert.Null(await house.ListAsync(reader, "dock1/"));
        Assert.Equal(Denied, await house.ListAsync(reader, ""));
        Assert.Equal(Denied, await house.PutAsync(reader, "dock1/a"));
        Assert.Equal(Denied, await house.DeleteAsync(cleaner, "dock2/a"));
        Assert.Null(await house.DeleteAsync(cleaner, "dock1/a"));
    }

    [Fact]
    public async Task A_token_is_good_with_its_own_key_and_as_it_was_made()
    {
        await using var house = await StartAsync();
        var (one, other) = (await MakeAsync(house, Body("upload")), await MakeAsync(house, Body("upload", prefix: "dock2/"), "dev002"));
        var token = one["sessionToken"]!;

        Assert.Equal("InvalidToken", await house.PutAsync(new SessionAWSCredentials(one["accessKey"], one["secretKey"], other["sessionToken"]), "dock2/a"));
        Assert.Equal("SignatureDoesNotMatch", await house.PutAsync(new SessionAWSCredentials(other["accessKey"], one["secretKey"], other["sessionToken"]), "dock2/a"));
        foreach (var place in (int[])[0, token.Length / 2, token.Length - 1])
        {
            var tampered = token[..place] + (token[place] == 'A' ? 'B' : 'A') + token[(place + 1)..];
            Assert.Equal("InvalidToken", await house.PutAsync(new SessionAWSCredentials(one["accessKey"], one["secretKey"], tampered), "dock1/a"));
        }
        Assert.Equal("InvalidAccessKeyId", await house.PutAsync(new BasicAWSCredentials(one["accessKey"], one["secretKey"]), "dock1/a"));
        Assert.Null(await house.PutAsync(one.Credentials(), "dock1/a"));
    }

    [Fact]
    public async Task They_are_revoked_by_job_and_by_device()
    {
        await using var house = await StartAsync();
        var first = (await MakeAsync(house, Body("upload", job: "log-1"))).Credentials();
        var second = (await MakeAsync(house, Body("upload", job: "log-2"))).Credentials();
        var others = (await MakeAsync(house, Body("upload", job: "log-1"), "dev002")).Credentials();

        (await house.SendAsync("DELETE", $"{Credentials}/log-1")).Is(HttpStatusCode.NoContent);
        Assert.Equal(Denied, await house.PutAsync(first, "dock1/a"));
        Assert.Null(await house.PutAsync(second, "dock1/a"));
        (await house.SendAsync("DELETE", Credentials)).Is(HttpStatusCode.NoContent);
        Assert.Equal(Denied, await house.PutAsync(second, "dock1/a"));
        // of a job of the same name, another device
        Assert.Null(await house.PutAsync(others, "dock1/a"));
        var next = (await MakeAsync(house, Body("upload", job: "log-1"))).Credentials();
        Assert.Null(await house.PutAsync(next, "dock1/a"));
        (await house.SendAsync("DELETE", $"{Device[..^1]}9/storage-credentials")).IsProblem(HttpStatusCode.NotFound, "device_not_found");
    }

    [Fact]
    public async Task They_end_with_the_device_and_with_its_product()
    {
        await using var house = await StartAsync();
        var (disabled, deleted, inProduct) = ((await MakeAsync(house, Body("upload"))).Credentials(),
            (await MakeAsync(house, Body("upload"), "dev002")).Credentials(), (await MakeAsync(house, Body("upload"), "dev003")).Credentials());

        (await house.SendAsync("PATCH", Device, """{"disabled":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal(Denied, await house.PutAsync(disabled, "dock1/a"));
        (await house.SendAsync("POST", Credentials, Body("upload"))).IsProblem(HttpStatusCode.Conflict, "device_disabled");
        (await house.SendAsync("PATCH", Device, """{"disabled":false}""")).Is(HttpStatusCode.OK);
        Assert.Equal(Denied, await house.PutAsync(disabled, "dock1/a"));
        Assert.Null(await house.PutAsync((await MakeAsync(house, Body("upload"))).Credentials(), "dock1/a"));

        (await house.SendAsync("DELETE", Device.Replace("dev001", "dev002", StringComparison.Ordinal))).Is(HttpStatusCode.NoContent);
        Assert.Equal(Denied, await house.PutAsync(deleted, "dock1/a"));
        Assert.Null(await house.PutAsync(inProduct, "dock1/a"));
        (await house.SendAsync("PATCH", $"/api/v1/products/{Keyring.Product}", """{"disabled":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal(Denied, await house.PutAsync(inProduct, "dock1/a"));
        (await house.SendAsync("POST", Credentials, Body("upload"))).IsProblem(HttpStatusCode.Conflict, "product_disabled");
    }

    [Fact]
    public async Task They_outlive_the_server()
    {
        await using var house = await StartAsync();
        var device = (await MakeAsync(house, Body("upload"))).Credentials();
        var revoked = (await MakeAsync(house, Body("upload", job: "j"))).Credentials();
        (await house.SendAsync("DELETE", $"{Credentials}/j")).Is(HttpStatusCode.NoContent);
        await house.RestartAsync();
        Assert.Null(await house.PutAsync(device, "dock1/a"));
        Assert.Equal(Denied, await house.PutAsync(revoked, "dock1/a"));
    }

    [Fact]
    public async Task They_expire()
    {
        // the SDK's clock is the real one, and may be a quarter of an hour off
        var clock = new ShiftedClock();
        clock.Advance(TimeSpan.FromMinutes(-14));
        await using var host = await S3Host.StartAsync(new() { PublicUrl = "http://storage.example.com" }, clock, signed: true);
        var issued = await host.Get<CredentialIssuers>().IssueAsync(
            IssuerSettings.Ours, new("box", "dock1/", S3Actions.Upload, TimeSpan.FromMinutes(15)) { Device = "p/d" }, House.Soon);
        Assert.Equal("http://storage.example.com", issued.Endpoint);
        var credentials = new SessionAWSCredentials(issued.Credential.AccessKey, issued.Credential.Secret, issued.Credential.SessionToken);
        var url = host.Http.BaseAddress!.OriginalString;
        Assert.Equal("NoSuchBucket", await PutAsync());
        clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal("ExpiredToken", await PutAsync());

        Task<string?> PutAsync() => StoragePlay.TryAsync(StoragePlay.S3(url, credentials), s3 => s3.PutObjectAsync(new() { BucketName = "box", Key = "dock1/a", ContentBody = "x" }, House.Soon));
    }

    [Fact]
    public async Task Who_hands_them_out_may_do_so()
    {
        await using var house = await StartAsync();
        var (app, wide) = (await house.KeyAsync("app"), await house.KeyAsync("operator"));
        var own = Body("upload", prefix: $"{Keyring.Product}/dev001/logs/");
        (await house.ByAsync(app, "POST", Credentials, own)).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        (await house.ByAsync(app, "DELETE", Credentials)).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        (await house.ByAsync(wide, "POST", Credentials, Body("upload"))).Is(HttpStatusCode.OK);
        // bytes of devices are for who has the right to them
        (await house.ByAsync(wide, "POST", Credentials, Body("read"))).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        // what is not named after the device is not for a key of its product
        (await house.SendAsync("PUT", "/api/v1/keys/operator", $$"""{"role":"operator","products":["{{Keyring.Product}}"]}""")).Is(HttpStatusCode.OK);
        (await house.ByAsync(wide, "POST", Credentials, Body("upload"))).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        (await house.ByAsync(wide, "POST", Credentials, Body("upload", prefix: $"{Keyring.Product}/dev0011/"))).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        var made = (await house.ByAsync(wide, "POST", Credentials, own)).Is(HttpStatusCode.OK);
        Assert.Null(await house.PutAsync(made.Credentials(), $"{Keyring.Product}/dev001/logs/a"));
        Assert.Equal(Denied, await house.PutAsync(made.Credentials(), $"{Keyring.Product}/dev001/a"));
    }

    [Fact]
    public async Task What_cannot_be_handed_out_is_refused_with_the_reason()
    {
        await using var house = await StartAsync(("S3:Issuers:docks:Provider", "ours"), ("S3:Issuers:docks:Bucket", "box"), ("S3:Issuers:docks:Longest", "01:00:00"));
        var wrong = (await house.SendAsync("POST", Credentials, """{"bucket":"B","prefix":"","actions":["upload","own"],"expiresIn":60,"job":"a/b"}""")).IsProblem(HttpStatusCode.BadRequest, "invalid");
        Assert.Equal(["bucket", "prefix", "actions", "expiresIn", "job"], wrong.Wrong);
        foreach (var prefix in (string[])["", "/", "dock1", "/dock1/", "do*k1/", "${aws:username}/", "a\\u0000/"])
            (await house.SendAsync("POST", Credentials, Body("upload", prefix))).IsProblem(HttpStatusCode.BadRequest, "invalid");
        (await house.SendAsync("POST", Credentials, """{"prefix":"a/","actions":["upload"]}""")).IsProblem(HttpStatusCode.UnprocessableEntity, "bucket_refused");
        (await house.SendAsync("POST", Credentials, """{"bucket":"none","prefix":"a/","actions":["upload"]}""")).IsProblem(HttpStatusCode.NotFound, "bucket_not_found");
        (await house.SendAsync("POST", Credentials, """{"issuer":"x","prefix":"a/","actions":["upload"]}""")).IsProblem(HttpStatusCode.NotFound, "issuer_not_found");
        (await house.SendAsync("POST", Credentials, """{"issuer":"docks","bucket":"other","prefix":"a/","actions":["upload"]}""")).IsProblem(HttpStatusCode.UnprocessableEntity, "bucket_refused");
        (await house.SendAsync("POST", Credentials, """{"issuer":"docks","prefix":"a/","actions":["upload"],"expiresIn":3601}""")).IsProblem(HttpStatusCode.UnprocessableEntity, "lifetime_refused");
        var made = (await house.SendAsync("POST", Credentials, """{"issuer":"docks","prefix":"a/","actions":["upload"]}""")).Is(HttpStatusCode.OK);
        Assert.Equal(("docks", "box"), (made["issuer"], made["bucket"]));
        Assert.Null(await house.PutAsync(made.Credentials(), "a/b"));
    }

    [Fact]
    public async Task In_the_process_nothing_wider_than_a_prefix_is_issued_either()
    {
        var ours = new CredentialIssuers([IssuerReading.Own("us-east-1")], _ => throw new InvalidOperationException("reached"));
        var ask = new CredentialAsk("box", "a/", S3Actions.Upload, TimeSpan.FromHours(1));
        Assert.Equal("prefix_refused", await CodeAsync(ask with { Prefix = "" }));
        Assert.Equal("prefix_refused", await CodeAsync(ask with { Prefix = "a" }));
        Assert.Equal("actions_refused", await CodeAsync(ask with { Actions = S3Actions.None }));
        Assert.Equal("actions_refused", await CodeAsync(ask with { Actions = S3Actions.Upload | S3Actions.DeleteBucket }));
        Assert.Equal("lifetime_refused", await CodeAsync(ask with { Lifetime = TimeSpan.FromMinutes(14) }));
        Assert.Equal("bucket_refused", await CodeAsync(ask with { Bucket = null }));

        async Task<string> CodeAsync(CredentialAsk wrong) => (await Assert.ThrowsAsync<RefusedException>(() => ours.IssueAsync("ours", wrong, House.Soon))).Code;
    }

    static async Task<House> StartAsync(params (string Key, string? Value)[] settings)
    {
        var house = await House.StartAsync(settings);
        await house.BucketAsync();
        foreach (var device in (string[])["dev001", "dev002", "dev003"])
            await house.DeviceAsync(Keyring.Product, device);
        return house;
    }

    static async Task<Reply> MakeAsync(House house, string body, string device = "dev001") =>
        (await house.SendAsync("POST", Credentials.Replace("dev001", device, StringComparison.Ordinal), body)).Is(HttpStatusCode.OK);

    static string Body(string actions, string prefix = "dock1/", string? job = null) =>
        $$"""{"bucket":"box","prefix":"{{prefix}}","actions":["{{actions}}"]{{(job is null ? "" : $",\"job\":\"{job}\"")}}}""";
}
