namespace Waybill.Logs;

/// <summary>What a batch's messages name, loaded once, and what they change: later messages see the changes of earlier ones.</summary>
sealed class LogView
{
    readonly Dictionary<long, LogRequest> _byId = [];
    readonly Dictionary<long, LogRequest?> _changed = [];

    public HashSet<long> NeededIds { get; } = [];

    /// <summary>Gateways whose open request is needed.</summary>
    public HashSet<long> NeededGateways { get; } = [];

    public void Loaded(LogRequest request) => _byId.TryAdd(request.Id, request);

    public LogRequest? Find(long id) => _byId.GetValueOrDefault(id);

    /// <summary>There is at most one.</summary>
    public LogRequest? OpenOf(long gatewayId) => _byId.Values.FirstOrDefault(r => r.GatewayId == gatewayId && r.IsOpen);

    public void Put(LogRequest request)
    {
        _changed.TryAdd(request.Id, _byId.GetValueOrDefault(request.Id));
        _byId[request.Id] = request;
    }

    /// <summary>Rows as they were loaded (null: they are new) and as they are to be saved.</summary>
    public IReadOnlyList<(LogRequest? Before, LogRequest After)> Changed => [.. _changed.Select(c => (c.Value, _byId[c.Key]))];
}
