using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Waybill.Api;
using Waybill.Devices;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class AppTokenStories
{
    const string Devices = $"/api/v1/products/{Keyring.Product}/devices";
    const string All = "devices.read files.read files.write transfers.read transfers.write events.read";

    [Fact]
    public async Task A_token_reads_and_writes_its_device_and_no_other()
    {
        await using var house = await StartAsync();
        var token = await house.TokenAsync(await house.KeyAsync("app"), actions: All);
        (await house.ByAsync(token, "PUT", $"{Devices}/dev001/files/a/1", "mine")).Is(HttpStatusCode.Created);
        Assert.Equal("mine", (await house.ByAsync(token, "GET", $"{Devices}/dev001/files/a/1/content")).Is(HttpStatusCode.OK).Text);
        Assert.Equal("dev001", (await house.ByAsync(token, "GET", $"{Devices}/dev001")).Is(HttpStatusCode.OK)["device"]);
        Assert.Equal(["dev001"], ScopeStories.Of(await house.ByAsync(token, "GET", Devices), "device"));
        foreach (var (method, path) in (IEnumerable<(string, string)>)[("GET", ""), ("GET", "/files"), ("GET", "/files/b/1"), ("PUT", "/files/c/1"), ("DELETE", "/files/b/1"), ("GET", "/files/b/1/content")])
            (await house.ByAsync(token, method, $"{Devices}/dev002{path}")).IsProblem(HttpStatusCode.NotFound, "device_not_found");
        (await house.ByAsync(token, "GET", $"/api/v1/products/{Keyring.Other}/devices")).IsProblem(HttpStatusCode.NotFound, "product_not_found");
        Assert.Equal("theirs", (await house.SendAsync("GET", $"{Devices}/dev002/files/b/1/content")).Text);
    }

    [Fact]
    public async Task A_token_orders_and_sees_transfers_of_its_device_only()
    {
        await using var house = await StartAsync();
        await house.OrderAsync("g", [1], device: "dev002");
        var theirs = (await house.SendAsync("GET", "/api/v1/transfers"))["items.0.id"];
        var token = await house.TokenAsync(await house.KeyAsync("app"), actions: All);
        var mine = (await house.ByAsync(token, "POST", "/api/v1/transfers", Order("dev001"))).Is(HttpStatusCode.Created).Id;
        (await house.ByAsync(token, "POST", "/api/v1/transfers", Order("dev002"))).IsProblem(HttpStatusCode.NotFound, "device_not_found");
        Assert.Equal([mine], ScopeStories.Of(await house.ByAsync(token, "GET", "/api/v1/transfers"), "id"));
        Assert.Equal([mine], ScopeStories.Of(await house.ByAsync(token, "GET", $"/api/v1/transfers?product={Keyring.Product}&device=dev001"), "id"));
        Assert.Empty(ScopeStories.Of(await house.ByAsync(token, "GET", $"/api/v1/transfers?device=dev002"), "id"));
        foreach (var (method, path) in (IEnumerable<(string, string)>)[("GET", ""), ("POST", "/cancel"), ("GET", "/content")])
            (await house.ByAsync(token, method, $"/api/v1/transfers/{theirs}{path}")).IsProblem(HttpStatusCode.NotFound, "transfer_not_found");
        (await house.ByAsync(token, "GET", $"/api/v1/transfers/{mine}/content")).Is(HttpStatusCode.OK);
        Assert.Equal("canceled", (await house.ByAsync(token, "POST", $"/api/v1/transfers/{mine}/cancel")).Is(HttpStatusCode.OK)["state"]);
    }

    [Fact]
    public async Task A_token_does_only_what_it_says()
    {
        await using var house = await StartAsync();
        var key = await house.KeyAsync("app");
        var token = await house.TokenAsync(key, actions: "transfers.read");
        (await house.ByAsync(token, "GET", "/api/v1/transfers")).Is(HttpStatusCode.OK);
        foreach (var (method, path) in (IEnumerable<(string, string)>)[("GET", $"{Devices}/dev001/files"), ("GET", $"{Devices}/dev001/files/a/1/content"), ("PUT", $"{Devices}/dev001/files/a/1"),
            ("POST", "/api/v1/transfers"), ("GET", Devices), ("GET", "/api/v1/products"), ("GET", $"/api/v1/products/{Keyring.Product}/files"),
            ("POST", "/api/v1/app-tokens"), ("GET", "/api/v1/keys"), ("GET", "/api/v1/mqtt-accounts"), ("GET", "/api/v1/dead-messages"), ("DELETE", $"{Devices}/dev001")])
            (await house.ByAsync(token, method, path)).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
    }

    [Fact]
    public async Task A_token_ends_with_its_time()
    {
        await using var house = await StartAsync();
        var by = new Caller("test", house.Get<AdminKey>().Id, Actions.None, Scope.Everything);
        var (late, _) = house.Get<AppTokens>().Mint(by, new([Keyring.Product], ["dev001"]), Actions.TransfersRead, TimeSpan.Zero);
        var (fresh, _) = house.Get<AppTokens>().Mint(by, new([Keyring.Product], ["dev001"]), Actions.TransfersRead, TimeSpan.FromMinutes(1));
        (await house.ByAsync(late, "GET", "/api/v1/transfers")).IsProblem(HttpStatusCode.Unauthorized, "token_expired");
        (await house.ByAsync(fresh, "GET", "/api/v1/transfers")).Is(HttpStatusCode.OK);
        var stranger = house.Get<AppTokens>().Mint(by with { KeyId = AdminKey.Open("another-admin-key-0123", "").Id }, new([Keyring.Product], ["dev001"]), Actions.TransfersRead, TimeSpan.FromMinutes(1)).Text;
        (await house.ByAsync(stranger, "GET", "/api/v1/transfers")).IsProblem(HttpStatusCode.Unauthorized, "token_revoked");
    }

    [Theory]
    [InlineData("DELETE", null)]
    [InlineData("PATCH", """{"disabled":true}""")]
    [InlineData("PATCH", """{"role":"operator"}""")]
    [InlineData("PATCH", """{"products":["OTHER67890"]}""")]
    public async Task A_token_ends_when_its_key_could_not_make_it_any_more(string method, string? change)
    {
        await using var house = await StartAsync();
        var key = await house.KeyAsync("app");
        var token = await house.TokenAsync(key);
        (await house.SendAsync("POST", "/api/v1/keys/app/rotate", """{"overlapSeconds":0}""")).Is(HttpStatusCode.OK);
        (await house.ByAsync(token, "GET", $"{Devices}/dev001/files")).Is(HttpStatusCode.OK);
        (await house.SendAsync(method, "/api/v1/keys/app", change)).Is(HttpStatusCode.OK, HttpStatusCode.NoContent);
        (await house.ByAsync(token, "GET", $"{Devices}/dev001/files")).IsProblem(HttpStatusCode.Unauthorized, "token_revoked");
    }

    [Fact]
    public async Task Nobody_makes_a_token_for_more_than_is_his()
    {
        await using var house = await StartAsync();
        var key = await house.KeyAsync("app", Keyring.Other);
        (await house.ByAsync(key, "POST", "/api/v1/app-tokens", Keyring.TokenBody("dev001", "files.read"))).IsProblem(HttpStatusCode.NotFound, "product_not_found");
        (await house.SendAsync("POST", "/api/v1/app-tokens", Keyring.TokenBody("none", "files.read"))).IsProblem(HttpStatusCode.NotFound, "device_not_found");
        (await house.ByAsync(await house.KeyAsync("operator"), "POST", "/api/v1/app-tokens", Keyring.TokenBody("dev001", "files.read")))
            .IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        Assert.Equal(["actions"], (await house.SendAsync("POST", "/api/v1/app-tokens", Keyring.TokenBody("dev001", "files.read keys.write"))).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
        var wrong = await house.SendAsync("POST", "/api/v1/app-tokens", $$"""{"devices":[{{string.Join(',', Enumerable.Repeat("\"d\"", 33))}}],"actions":[null],"expiresIn":86401}""");
        Assert.Equal(["product", "devices", "actions", "expiresIn"], wrong.IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
    }

    [Fact]
    public async Task A_tampered_token_is_nobody_s()
    {
        await using var house = await StartAsync();
        var token = await house.TokenAsync(House.AdminKey);
        var tokens = house.Get<AppTokens>();
        Assert.NotNull(tokens.Read(token));
        var changed = from at in Gen.Choose(0, token.Length - 1)
                      from c in Gen.Elements("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ .\n\0é".ToCharArray())
                      from cut in Gen.Frequency((4, Gen.Constant(token.Length)), (1, Gen.Choose(0, token.Length)))
                      select $"{token[..at]}{c}{token[(at + 1)..]}"[..cut];
        Prop.ForAll(changed.ToArbitrary(), text => text == token || tokens.Read(text) is null).Check(Config.QuickThrowOnFailure.WithMaxTest(4000).WithQuietOnSuccess(true));
        foreach (var text in Gen.Sample(changed, 50).Where(t => t != token && t.All(char.IsAscii) && !t.Any(char.IsControl) && t.Trim() == t))
            (await house.ByAsync(text, "GET", $"{Devices}/dev001/files")).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    static async Task<House> StartAsync()
    {
        var house = await House.StartAsync();
        await house.DeviceAsync();
        await house.DeviceAsync(device: "dev002");
        (await house.PutBytesAsync($"{Devices}/dev002/files/b/1", "theirs"u8.ToArray())).Is(HttpStatusCode.Created);
        (await house.PutBytesAsync($"/api/v1/products/{Keyring.Product}/files/f/1", [1])).Is(HttpStatusCode.Created);
        return house;
    }

    static string Order(string device) => $$"""{"kind":"download","product":"{{Keyring.Product}}","device":"{{device}}","file":{"name":"f","version":"1"} }""";
}
