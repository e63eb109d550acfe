using Waybill.Line;
using Waybill.Link;
using Waybill.Objects;
using Waybill.Protocols;
using Waybill.Quotas;
using Waybill.Transfers;
using Xunit;

namespace Waybill.Tests.Transfers;

/// <summary>Transfers in memory, so that rules are tested without a database, a socket or a clock that runs.</summary>
sealed class Book
{
    public const long Device = 7;

    public static readonly DeviceIdentity Identity = new(Device, "ABCDE12345", "dev001", [], null);

    public static readonly Md5Digest Md5 = Parse("d41d8cd98f00b204e9800998ecf8427e");
    public static readonly Md5Digest OtherMd5 = Parse("c4f84378c4983a2b0e53f5aa7f775b6b");
    public static readonly Sha256Digest Sha256 = new(1, 2);

    readonly Dictionary<long, Transfer> _rows = [];
    readonly List<RecordedAsk> _asked = [];
    readonly List<UploadRefusal> _refused = [];
    HeldFiles? _held;
    long _nextId = 1;

    /// <summary>What devices may upload.</summary>
    public UploadRuleSet Rules { get; private set; } = UploadRuleSet.Empty;

    public TransferSettings Settings { get; } = new();

    public IReadOnlyList<UploadRefusal> Refused => _refused;

    public long Now { get; private set; } = 1_700_000_000_000;

    public IReadOnlyCollection<Transfer> All => _rows.Values;

    public void Pass(TimeSpan time) => Now += (long)time.TotalMilliseconds;

    /// <summary>What the device holds: <c>a 1, b 2</c>.</summary>
    public string Holds => string.Join(", ", (_held ?? HeldFiles.None(Device)).Files.Select(f => $"{f.Name} {f.Version}"));

    public Transfer this[long id] => _rows[id];

    /// <summary>One batch, as the ledger runs it.</summary>
    public void Decide(params TransferMessage[] batch)
    {
        var view = new TransferView(Rules);
        foreach (var message in batch)
            message.Need(view);
        foreach (var key in view.NeededKeys)
        {
            if (_rows.Values.Where(t => t.Key == key).MaxBy(t => t.Id) is { } newest)
                view.LoadedNewest(newest);
        }
        foreach (var row in _rows.Values.Where(t => view.NeededIds.Contains(t.Id)
            || (view.NeededDevices.Contains(t.DeviceId) && t.Kind != TransferKind.Upload && t.IsOpen)))
            view.Loaded(row);
        foreach (var device in view.NeededUploads)
            view.LoadedUploads(Uploads(device));
        if (_held is not null && view.NeededHeld.Contains(Device))
            view.LoadedHeld(_held);
        var moment = new Moment(Now, _nextId, Settings);
        _nextId += batch.Length;
        foreach (var message in batch)
            message.Decide(view, moment);
        foreach (var (before, after) in view.Changed)
        {
            Assert.Equal(_rows[after.Id], before);
            _rows[after.Id] = after;
        }
        foreach (var fresh in view.Fresh)
            _rows.Add(fresh.Id, fresh);
        _asked.AddRange(view.Uploads.SelectMany(u => u.Fresh));
        _refused.AddRange(view.Refused.Select(r => r.Refusal));
        if (view.UnknownHeld().Count > 0 && _held is not null)
            view.LoadedHeld(_held);
        foreach (var (_, after) in view.ChangedHeld())
            _held = after;
    }

    /// <summary>Rules of the device from now on.</summary>
    public void Rule(UploadRules rules) => Rules = Rules.With(Identity.Product, Device, rules);

    public Transfer? After(TransferMessage message)
    {
        Decide(message);
        return message.Result;
    }

    public Transfer Upload(string name = "a.bin", long size = 100, Md5Digest? md5 = null) => After(new UploadAsk(Identity, new(name, size, md5 ?? Md5)))!;

    public Transfer Download(string name = "fw.bin", string version = "1") => After(Order(name, version))!;

    public Transfer Removal(string name = "fw.bin", string version = "1") => After(new RemovalOrder(Device, new(name, version, "FILE")))!;

    public static VersionReport Versions(params HeldFile[] files) => new(Device, files, files.Length == 0);

    public static DownloadOrder Order(string name = "fw.bin", string version = "1") =>
        new(Device, new FileContent(name, version, "FILE", 100, Md5, Sha256));

    public static TransferReport Running(TransferKind kind, string name, int percent) => Report(kind, name, new(Reported.Running, percent, 0, ""));

    public static TransferReport Done(TransferKind kind, string name) => Report(kind, name, new(Reported.Done, null, 0, ""));

    public static TransferReport Fail(TransferKind kind, string name, long code, string text) => Report(kind, name, new(Reported.Fail, null, code, text));

    public static BytesStored Stored(long id) => new(id, new ObjectRecord(Sha256, Md5, 100));

    public static BytesServed Served(long id, long offset, long length)
    {
        var set = new RangeSet();
        set.Add(offset, length);
        var noted = new ServedBytes(new Inbox(), TimeProvider.System);
        noted.Note(id, 100, set);
        return new(id, noted);
    }

    DeviceUploads Uploads(long device)
    {
        var uploads = new DeviceUploads(device);
        var kept = _rows.Values.Where(t => t.DeviceId == device && t.IsKept).ToList();
        uploads.LoadedKept(kept.Count, kept.Sum(t => t.Size));
        foreach (var ask in _asked.Where(a => _rows[a.Id].DeviceId == device))
            uploads.LoadedAsk(ask with { IsOpen = _rows[ask.Id].IsOpen, Size = _rows[ask.Id].Size });
        return uploads;
    }

    static TransferReport Report(TransferKind kind, string name, ReportedProgress progress) => new(new TransferKey(Device, kind, name), progress);

    static Md5Digest Parse(string hex) => Md5Digest.TryParse(hex, out var md5) ? md5 : throw new ArgumentException("not hex", nameof(hex));
}
