using System.Net;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class GatewayMemberStories
{
    const string Docks = "/api/v1/products/docks";

    [Fact]
    public async Task A_new_aircraft_becomes_a_device_behind_its_dock()
    {
        await using var house = await StartAsync();
        var taken = await SaveAsync(house, "DOCK1", 1_000, Drone("DRONE1"));
        Assert.Empty(taken.Refused);
        await FirmwareAsync(house, new("DRONE1", "05.01.0214"), new("DOCK1", "10.01.32.05"), new("NOBODY", "1"));
        var dock = (await house.SendAsync("GET", $"{Docks}/devices/DOCK1")).Is(HttpStatusCode.OK);
        Assert.Equal(("DRONE1", "0-67-0", "True", "05.01.0214"), (dock["gateway.members.0.sn"], dock["gateway.members.0.model"], dock["gateway.members.0.isOn"], dock["gateway.members.0.firmware"]));
        Assert.Equal("1970-01-01T00:00:01Z", dock["gateway.members.0.seenAt"]);
        Assert.Equal("10.01.32.05", dock["firmware"]);
        Assert.Null(dock["behind"]);
        var drone = (await house.SendAsync("GET", $"{Docks}/devices/DRONE1")).Is(HttpStatusCode.OK);
        Assert.Equal(("DOCK1", "05.01.0214"), (drone["behind"], drone["firmware"]));
        Assert.Null(drone["gateway"]);
        Assert.Equal("password_wrong", (await Assert.ThrowsAsync<RefusedException>(
            () => house.Get<DeviceLogin>().AdmitSerialAsync("DRONE1", ReadOnlyMemory<byte>.Empty, House.Soon).AsTask())).Code);

        Assert.Empty((await SaveAsync(house, "DOCK1", 2_000)).Taken);
        dock = await house.SendAsync("GET", $"{Docks}/devices/DOCK1");
        Assert.Equal(("DRONE1", "False", "1970-01-01T00:00:02Z"), (dock["gateway.members.0.sn"], dock["gateway.members.0.isOn"], dock["gateway.members.0.seenAt"]));
    }

    [Fact]
    public async Task An_aircraft_is_behind_the_dock_that_named_it_last()
    {
        await using var house = await StartAsync();
        await SaveAsync(house, "DOCK1", 1, Drone("DRONE1"));
        await SaveAsync(house, "DOCK2", 2, Drone("DRONE1"), Drone("DRONE1"), Drone("DRONE2"));
        Assert.Equal("DOCK2", (await house.SendAsync("GET", $"{Docks}/devices/DRONE1"))["behind"]);
        Assert.Null((await house.SendAsync("GET", $"{Docks}/devices/DOCK1"))["gateway"]);
        Assert.Equal("DRONE2", (await house.SendAsync("GET", $"{Docks}/devices/DOCK2"))["gateway.members.1.sn"]);
    }

    [Fact]
    public async Task Nobody_takes_who_speaks_for_himself()
    {
        await using var house = await StartAsync();
        (await house.SendAsync("PUT", "/api/v1/products/others", """{"dialects":["dji"]}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", "/api/v1/products/others/devices/FOREIGN", "{}")).Is(HttpStatusCode.Created);
        await SaveAsync(house, "DOCK2", 1, Drone("DRONE2"));
        (await house.SendAsync("PUT", $"{Docks}/devices/DOCK3", "{}")).Is(HttpStatusCode.Created);
        house.Get<LastSeen>().Note((await house.Get<DeviceRegistry>().GetAsync(await ProductAsync(house), "DOCK3", House.Soon)).Id);
        await Eventually.IsAsync("DOCK3 has been seen", async () => (await house.SendAsync("GET", $"{Docks}/devices/DOCK3"))["lastSeen"] is not null);
        var taken = await SaveAsync(house, "DOCK1", 2, Drone("DOCK1"), Drone("DOCK2"), Drone("DOCK3"), Drone("DRONE1"), Drone("FOREIGN"), Drone("no serial"));
        Assert.Equal("DRONE1", Assert.Single(taken.Taken).Sn);
        Assert.Equal(["DOCK1", "DOCK2", "DOCK3", "FOREIGN", "no serial"], taken.Refused.Select(r => r.Sn));

        // one that was taken before it spoke is free when it does
        await SaveAsync(house, "DOCK1", 3, Drone("DOCK4"));
        await SaveAsync(house, "DOCK4", 4, Drone("DRONE4"));
        var gateway = await house.SendAsync("GET", $"{Docks}/devices/DOCK4");
        Assert.Null(gateway["behind"]);
        Assert.Equal("DRONE4", gateway["gateway.members.0.sn"]);
    }

    [Fact]
    public async Task A_deleted_dock_or_aircraft_leaves_nothing_behind()
    {
        await using var house = await StartAsync();
        await SaveAsync(house, "DOCK1", 1, Drone("DRONE1"), Drone("DRONE2"));
        await FirmwareAsync(house, new("DRONE1", "1"), new("DOCK1", "2"));
        var dock = await house.Get<DeviceRegistry>().GetAsync(await ProductAsync(house), "DOCK1", House.Soon);
        await WriteAsync(house, db => db.RunAsync(
            """
            insert into log_requests (id, gateway_id, modules, state, step, command, tries, lists, archives, created_at, updated_at, deadline_at)
            values (1, @Id, '[]', 10, 0, 0, 0, '[]', '[]', 1, 1, 1);
            insert into upgrades (id, gateway_id, targets, state, step, percent, writing, claimed, answered, created_at, updated_at, deadline_at)
            values (1, @Id, '[]', 10, 0, 0, 0, 0, 0, 1, 1, 1);
            """,
            dock));
        (await house.SendAsync("PATCH", $"{Docks}/devices/DRONE1", """{"disabled":true}""")).Is(HttpStatusCode.OK);
        (await house.SendAsync("DELETE", $"{Docks}/devices/DRONE1")).Is(HttpStatusCode.NoContent);
        Assert.Equal("DRONE2", (await house.SendAsync("GET", $"{Docks}/devices/DOCK1"))["gateway.members.0.sn"]);
        (await house.SendAsync("DELETE", $"{Docks}/devices/DOCK1")).Is(HttpStatusCode.NoContent);
        Assert.Null((await house.SendAsync("GET", $"{Docks}/devices/DRONE2")).Is(HttpStatusCode.OK)["behind"]);
        Assert.Equal("no longer a device", (await SaveAsync(house, dock.Id, 2, Drone("DRONE2"))).Refused.Single().Reason[^18..]);
        foreach (var table in (string[])["gateway_members", "device_firmware", "log_requests", "upgrades"])
            Assert.Equal(0, await WriteAsync(house, db => db.FirstAsync<int>($"select count(*) from {table}")));
    }

    static GatewayMember Drone(string sn) => new(sn, "0-67-0", "A", true);

    static async Task<House> StartAsync()
    {
        var house = await House.StartAsync();
        (await house.SendAsync("PUT", Docks, """{"dialects":["dji"]}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", $"{Docks}/devices/DOCK1", "{}")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", $"{Docks}/devices/DOCK2", "{}")).Is(HttpStatusCode.Created);
        return house;
    }

    static ValueTask<Product> ProductAsync(House house) => house.Get<ProductRegistry>().GetAsync("docks", House.Soon);

    static async Task<MembersTaken> SaveAsync(House house, string dock, long now, params GatewayMember[] members) =>
        await SaveAsync(house, (await house.Get<DeviceRegistry>().GetAsync(await ProductAsync(house), dock, House.Soon)).Id, now, members);

    static Task<MembersTaken> SaveAsync(House house, long dock, long now, params GatewayMember[] members) =>
        WriteAsync(house, db => house.Get<GatewayMembers>().SaveAsync(db, dock, members, now));

    static async Task FirmwareAsync(House house, params FirmwareSeen[] seen)
    {
        var product = await ProductAsync(house);
        await WriteAsync(house, async db =>
        {
            await GatewayMembers.FirmwareAsync(db, product.Id, seen, 1);
            return 0;
        });
    }

    static Task<T> WriteAsync<T>(House house, Func<System.Data.Common.DbConnection, ValueTask<T>> work) => house.Get<Database>().WriteAsync(work, House.Soon);
}
