using System.Data.Common;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Upgrades;
using Xunit;

namespace Waybill.Tests.Upgrades;

public sealed class UpgradeRowsTests
{
    static readonly UpgradeRows Rows = new();

    static readonly Upgrade Full = new()
    {
        Id = 1,
        GatewayId = 7,
        Targets =
        [
            new() { Sn = "DOCK", Version = "10.01.32.05", Type = 3, FileName = "wm245.zip", FileVersion = "1", Before = "10.01.32.04", Reported = "10.01.32.05" },
            new() { Sn = "DRONE", Version = "1.00.223", Type = 2 },
        ],
        State = UpgradeState.InProgress,
        Step = UpgradeStep.Verifying,
        Stage = "upgrade_firmware",
        Percent = 40,
        Rate = 4096,
        IsWriting = true,
        IsClaimed = true,
        IsAnswered = true,
        ToldAt = 5,
        Code = 312023,
        Reason = "录",
        Report = "late",
        CreatedAt = 1_700_000_000_000,
        UpdatedAt = 1_700_000_000_001,
        DeadlineAt = 1_700_000_000_002,
        DueAt = 1_700_000_000_003,
    };

    static async Task SaveAsync(Database database, params Upgrade[] upgrades)
    {
        var view = new JobView<Upgrade>();
        foreach (var upgrade in upgrades)
        {
            if (await Rows.FindAsync(database, upgrade.Id, House.Soon) is { } before)
                view.Loaded(before);
            view.Put(upgrade);
        }
        await database.WriteAsync(
            async db =>
            {
                await Rows.SaveAsync(db, view);
                return 0;
            },
            House.Soon);
    }

    [Fact]
    public async Task What_is_saved_comes_back()
    {
        await using var house = await House.StartAsync();
        var database = house.Get<Database>();
        await SaveAsync(database, Full);
        Assert.Equivalent(Full, await Rows.FindAsync(database, 1, House.Soon), strict: true);
        var ended = Full.Ended(UpgradeState.Failed, "too late", 5) with { UpdatedAt = 9, Targets = [Full.Targets[1]] };
        await SaveAsync(database, ended);
        Assert.Equivalent(ended, await Rows.FindAsync(database, 1, House.Soon), strict: true);
        Assert.Null(await Rows.FindAsync(database, 2, House.Soon));
    }

    [Fact]
    public async Task A_batch_loads_what_it_names_open_ones_of_gateways_and_what_is_due()
    {
        await using var house = await House.StartAsync();
        var database = house.Get<Database>();
        await SaveAsync(database, Full.Ended(UpgradeState.Ok, null), Full with { Id = 2, DueAt = 20 }, Full with { Id = 3, GatewayId = 8, DueAt = 10 }, Full with { Id = 4, GatewayId = 9 });
        var view = new JobView<Upgrade>();
        view.NeededIds.UnionWith([1, 3]);
        view.NeededGateways.UnionWith([7, 10]);
        await using (var db = await database.ReadAsync(House.Soon))
            await Rows.LoadAsync(db, view);
        Assert.Equal([true, true, true, false], new long[] { 1, 2, 3, 4 }.Select(id => view.Find(id) is not null));
        Assert.Equal(2, view.OpenOf(7)!.Id);
        Assert.Equal([new(3, 8), new(2, 7)], await Rows.DueAsync(database, 20, 10, House.Soon));
    }

    [Fact]
    public async Task A_gateway_has_one_open_upgrade_whatever_happens()
    {
        await using var house = await House.StartAsync();
        var database = house.Get<Database>();
        await SaveAsync(database, Full);
        await Assert.ThrowsAnyAsync<DbException>(() => SaveAsync(database, Full with { Id = 2 }));
        await SaveAsync(database, Full.Ended(UpgradeState.Timeout, null), Full with { Id = 3 });
    }
}
