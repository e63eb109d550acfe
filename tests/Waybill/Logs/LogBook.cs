using Waybill.Devices;
using Waybill.Logs;

namespace Waybill.Tests.Logs;

/// <summary>Log requests in memory, with a clock to be moved by hand.</summary>
sealed class LogBook
{
    public const long Gateway = 7;
    public const string Prefix = "logs/1/";

    readonly Dictionary<long, LogRequest> _rows = [];

    public long Now { get; set; } = 1_700_000_000_000;

    public LogSettings Settings { get; } = new();

    public LogRequest this[long id] => _rows[id];

    /// <summary>Decides one message, and keeps what it changes.</summary>
    public T Decide<T>(T message)
        where T : JobMessage<LogRequest, LogSettings>
    {
        var view = new JobView<LogRequest>();
        message.Need(view);
        foreach (var row in _rows.Values.Where(r => view.NeededIds.Contains(r.Id) || (r.IsOpen && view.NeededGateways.Contains(r.GatewayId))))
            view.Loaded(row);
        message.Decide(view, new(Now, Settings));
        foreach (var (_, after) in view.Changed)
            _rows[after.Id] = after;
        return message;
    }

    public LogRequest Order(long id = 1, string[]? modules = null, GatewayCondition? seen = null) =>
        Decide(new LogOrder(id, Gateway, modules ?? [LogModules.Aircraft, LogModules.Dock], seen ?? GatewayCondition.Unknown)).Result!;

    public LogCommand Offer(bool again = false, bool canStart = true) => Decide(new LogOffer(Gateway, again, canStart)).Told;

    /// <summary>A request whose dock has listed one log of the aircraft (7) and two of its own (321, 322).</summary>
    public LogRequest Listed()
    {
        Order();
        Offer();
        return Decide(new LogListReply(1, new(0, null, [Aircraft(), Dock()]))).Result!;
    }

    /// <summary>A request whose dock has begun to upload both modules.</summary>
    public LogRequest Started()
    {
        Listed();
        Decide(new LogUpload(1, [new(LogModules.Aircraft, [7]), new(LogModules.Dock, [321, 322])], Prefix));
        Offer();
        return Decide(new LogStartReply(1, 0, null)).Result!;
    }

    /// <summary>Time passes until the clock strikes.</summary>
    public LogRequest Due(bool isListening = true)
    {
        Now = this[1].DueAt!.Value;
        Decide(new LogDue(1, isListening));
        return this[1];
    }

    public LogRequest Say(ReportedExport export, long? id = 1)
    {
        Decide(new LogProgress(Gateway, id, export));
        return this[1];
    }

    public LogRequest See(string module, long size = 5000)
    {
        Decide(new ArchiveSeen(1, module, size, null));
        return this[1];
    }

    public static LogList Aircraft(int code = 0) =>
        new(LogModules.Aircraft, "DRONE", code, code == 0 ? null : "the aircraft is off", code == 0 ? [new(7, null, null, 5000)] : []);

    public static LogList Dock() => new(LogModules.Dock, "DOCK", 0, null, [new(321, 1, 2, 3), new(322, 3, 4, 5)]);

    public static ReportedExport Export(LogState? state, params ReportedArchive[] archives) => new(state, 0, null, archives);

    public static ReportedArchive Archive(string module, LogState? state, int percent = 50, string? stage = null, int code = 0) =>
        new() { Module = module, State = state, Percent = percent, Stage = stage, Code = code, Size = 5000, Key = module == LogModules.Dock ? Prefix + "dock.tar" : Prefix + "aircraft.tar" };
}
