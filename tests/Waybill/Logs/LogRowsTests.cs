using System.Data.Common;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Logs;
using Xunit;

namespace Waybill.Tests.Logs;

public sealed class LogRowsTests
{
    static readonly LogRows Rows = new();

    static readonly LogRequest Full = new()
    {
        Id = 1,
        GatewayId = 7,
        Modules = ["0", "3"],
        State = LogState.InProgress,
        Step = LogStep.Verifying,
        Command = LogCommand.Cancel,
        ToldAt = 5,
        Tries = 2,
        Lists = [new("3", "DOCK", 0, null, [new(321, 1, null, 3)]), new("0", null, 324015, "the aircraft is off", [])],
        Archives =
        [
            new()
            {
                Module = "3",
                DeviceSn = "DOCK",
                BootIndexes = [321],
                ObjectKey = "logs/1/dock.tar",
                ReportedKey = "logs/1/x.tar",
                State = LogState.InProgress,
                Stage = "file_zip",
                Percent = 40,
                Size = 5000,
                Fingerprint = "4f65",
                IsClaimed = true,
                StoredSize = 4999,
                Sha256 = new(1, 2),
                IsUnwanted = true,
                Code = 324019,
                Reason = "录",
            },
        ],
        Code = 324019,
        Reason = "录",
        Report = "late",
        CreatedAt = 1_700_000_000_000,
        UpdatedAt = 1_700_000_000_001,
        DeadlineAt = 1_700_000_000_002,
        DueAt = 1_700_000_000_003,
    };

    static async Task SaveAsync(Database database, params LogRequest[] requests)
    {
        var view = new JobView<LogRequest>();
        foreach (var request in requests)
        {
            if (await Rows.FindAsync(database, request.Id, House.Soon) is { } before)
                view.Loaded(before);
            view.Put(request);
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
        var ended = Full.Ended(LogState.Failed, "too late", 5) with { UpdatedAt = 9 };
        await SaveAsync(database, ended);
        Assert.Equivalent(ended, await Rows.FindAsync(database, 1, House.Soon), strict: true);
        Assert.Null(await Rows.FindAsync(database, 2, House.Soon));
    }

    [Fact]
    public async Task A_batch_loads_what_it_names_and_open_ones_of_gateways()
    {
        await using var house = await House.StartAsync();
        var database = house.Get<Database>();
        await SaveAsync(database, Full.Ended(LogState.Ok, null), Full with { Id = 2 }, Full with { Id = 3, GatewayId = 8 }, Full with { Id = 4, GatewayId = 9 });
        var view = new JobView<LogRequest>();
        view.NeededIds.UnionWith([1, 3]);
        view.NeededGateways.UnionWith([7, 10]);
        await using (var db = await database.ReadAsync(House.Soon))
            await Rows.LoadAsync(db, view);
        Assert.Equal([true, true, true, false], new long[] { 1, 2, 3, 4 }.Select(id => view.Find(id) is not null));
        Assert.Equal(2, view.OpenOf(7)!.Id);
    }

    [Fact]
    public async Task A_gateway_has_one_open_request_whatever_happens()
    {
        await using var house = await House.StartAsync();
        var database = house.Get<Database>();
        await SaveAsync(database, Full);
        await Assert.ThrowsAnyAsync<DbException>(() => SaveAsync(database, Full with { Id = 2 }));
        await SaveAsync(database, Full.Ended(LogState.Canceled, null), Full with { Id = 3 });
    }

    [Fact]
    public async Task The_clock_finds_what_is_due()
    {
        await using var house = await House.StartAsync();
        var database = house.Get<Database>();
        await SaveAsync(database, Full with { DueAt = 20 }, Full with { Id = 2, GatewayId = 8, DueAt = 10 }, Full with { Id = 3, GatewayId = 9, DueAt = 30 }, (Full with { Id = 4, GatewayId = 10 }).Ended(LogState.Ok, null));
        Assert.Equal([new(2, 8), new(1, 7)], await Rows.DueAsync(database, 20, 10, House.Soon));
        Assert.Equal([new(2, 8)], await Rows.DueAsync(database, 20, 1, House.Soon));
    }
}
