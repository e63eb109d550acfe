using System.Globalization;
using System.Security.Cryptography;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Crash;

/// <summary>SIGKILL at any moment under load, many times over. <c>WAYBILL_TEST_KILLS</c> sets how many.</summary>
public sealed class KillStories
{
    const int Devices = 20;

    static readonly int s_kills = int.Parse(Environment.GetEnvironmentVariable("WAYBILL_TEST_KILLS") ?? "12", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_killed_server_has_kept_every_promise()
    {
        await using var ground = await CrashGround.PrepareAsync();
        List<Promise> all = [];
        for (var round = 0; round < s_kills; round++)
        {
            await using var server = await ground.StartAsync();
            if (round == 0)
                await Fleet.RegisterAsync(server.Http, Devices);
            await SettledAsync(ground);
            await CheckAsync(server, all.TakeLast(1000));
            await UseUrlsAsync(server, all);
            all.AddRange(await WorkUntilKilledAsync(server, $"r{round:000}"));
        }
        // promises of every kind
        Assert.Equal(typeof(Promise).Assembly.GetTypes().Count(t => t.BaseType == typeof(Promise)), all.Select(p => p.GetType()).Distinct().Count());
        await using (var last = await ground.StartAsync())
            await CheckAsync(last, all);
        await ground.CheckDatabaseAsync();
    }

    static async Task<IReadOnlyCollection<Promise>> WorkUntilKilledAsync(CrashServer server, string round)
    {
        var fleet = new Fleet(server.Http, server.MqttPort, Devices);
        var work = fleet.WorkAsync(round);
        var moment = RandomNumberGenerator.GetInt32(1, 400);
        await Eventually.IsAsync($"{moment} answers", () => fleet.Promises.Count >= moment || work.IsCompleted);
        fleet.End();
        await server.KillAsync();
        await work;
        return fleet.Promises;
    }

    static async Task CheckAsync(CrashServer server, IEnumerable<Promise> promises)
    {
        var account = await Account.ReadAsync(server.Http);
        await account.CheckEventsAsync();
        foreach (var promise in promises)
            await promise.IsKeptAsync(account);
        await account.CheckObjectsAsync();
    }

    /// <summary>Uploads that were granted and never begun go on as if nothing had happened.</summary>
    static async Task UseUrlsAsync(CrashServer server, IReadOnlyList<Promise> promises)
    {
        var account = await Account.ReadAsync(server.Http);
        foreach (var granted in promises.OfType<Granted>().Where(account.IsOpen).TakeLast(5))
        {
            await using var device = await HubDevice.ConnectAsync(server.MqttPort, granted.Device);
            Assert.Equal(granted.Url, await device.AskUploadAsync(granted.Name, granted.Content.Bytes));
            await granted.UseUrlAsync(server.Http);
        }
    }

    /// <summary>What bodies that were cut off left behind is adopted or gone.</summary>
    static Task SettledAsync(CrashGround ground)
    {
        var incoming = Path.Join(ground.Data, "incoming");
        return Eventually.IsAsync("no leftovers", () => !Directory.Exists(incoming) || Directory.GetFiles(incoming).Length == 0);
    }
}
