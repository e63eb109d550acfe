using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Waybill.Data;
using Waybill.Events;
using Waybill.Line;
using Waybill.Link;
using Waybill.Protocols;
using Waybill.Quotas;
using Waybill.Transfers;

namespace Waybill.Benchmarks;

/// <summary>One batch of the straight line without the line: 200 devices' messages loaded, decided, saved and synced. Figures are per message.</summary>
[MemoryDiagnoser]
public class LedgerBenchmark
{
    public const int Devices = 200;

    static readonly DeviceIdentity[] s_devices = [.. Enumerable.Range(1, Devices).Select(d => new DeviceIdentity(d, "ABCDE12345", "d", [], null))];

    readonly string _directory = Directory.CreateTempSubdirectory("waybill-bench-").FullName;
    Database _database = null!;
    NameMerge _merge = null!;
    Ledgers _ledgers = null!;
    int _round;

    [GlobalSetup]
    public async Task OpenAsync()
    {
        _database = new SqliteDatabase(_directory);
        await _database.MigrateAsync(CancellationToken.None);
        var names = new RecentNames(_database);
        var rows = new SqliteTransferRows(names);
        var rules = new UploadRuleBook(_database, TimeProvider.System, NullLogger<UploadRuleBook>.Instance);
        var moments = new Moments(new Ids(_database), new(), rules, TimeProvider.System);
        var committed = new CommittedTransfers(rows, new(TimeProvider.System), new CommandQueue(new Inbox(), new DeviceConnections()), new UploadRefusals());
        _ledgers = new([new TransferLedger(_database, rows, new SqliteHeldFileRows(), moments, committed)], _database, new SqliteEventRows());
        _merge = new(_database, names, NullLogger<NameMerge>.Instance);
        await _merge.StartAsync(CancellationToken.None);
        await _ledgers.CommitAsync(Asks("reported"), CancellationToken.None);
    }

    [Benchmark(OperationsPerInvoke = Devices)]
    public Task Create() => _ledgers.CommitAsync(Asks($"f{_round++}.bin"), CancellationToken.None);

    [Benchmark(OperationsPerInvoke = Devices)]
    public Task Progress()
    {
        var progress = new ReportedProgress(Reported.Running, _round++ % 100, 0, "");
        return _ledgers.CommitAsync(
            [.. Enumerable.Range(1, Devices).Select(d => new TransferReport(new(d, TransferKind.Upload, "reported"), progress))], CancellationToken.None);
    }

    /// <summary>Ten files, of which one has changed since the last time.</summary>
    [Benchmark(OperationsPerInvoke = Devices)]
    public Task Versions()
    {
        var round = _round++;
        var files = Enumerable.Range(0, 10).Select(i => new HeldFile($"audio_{i}", $"1.{(round + 9 - i) / 10}", "AUDIO")).ToList();
        return _ledgers.CommitAsync([.. Enumerable.Range(1, Devices).Select(d => new VersionReport(d, files, isQuestion: false))], CancellationToken.None);
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        await _merge.StopAsync(CancellationToken.None);
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    static IReadOnlyList<LineMessage> Asks(string name) =>
        [.. s_devices.Select(d => new UploadAsk(d, new(name, 100, Md5Digest.FromBytes(new byte[16]))))];
}
