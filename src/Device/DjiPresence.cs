using Waybill.Mqtt.Client;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>How a dock stands, and what it tells of that.</summary>
sealed class DjiPresence(DjiLink link)
{
    readonly DjiDockOptions _options = link.Options;
    volatile DjiCondition _condition = link.Options.Condition;

    public DjiCondition Condition
    {
        get => _condition;
        set => _condition = value;
    }

    /// <summary>An aircraft that is off is not in it.</summary>
    public DjiTopology Topology =>
        new(_options.Profile.Dock, _condition.AircraftIsOn ? [new(_options.AircraftSn, "A", _options.Profile.Aircraft)] : []);

    /// <summary>Tells the topology and waits a while for the answer.</summary>
    public async Task<DjiDown?> TellTopologyAsync(CancellationToken ct)
    {
        var answer = await link.AskAsync(Topology, link.NewHead(), [_options.AnswerTimeout], isPatient: false, ct);
        if (answer is not null && _condition.AircraftIsOn)
            await link.HearAircraftAsync(ct);
        return answer;
    }

    /// <summary>The same without waiting.</summary>
    public Task SayTopologyAsync(CancellationToken ct) => link.SayAsync(link.NewHead(), Topology, ct);

    /// <summary>Tells the versions, again and again until the platform has answered.</summary>
    public async Task TellStateAsync(CancellationToken ct)
    {
        await link.AskAsync(_condition.DockState, link.NewHead() with { NeedReply = true }, _options.ResendDelays, isPatient: true, ct);
        if (_condition.AircraftIsOn)
            await SayAsync(_options.AircraftSn, DjiTopicKind.State, _condition.AircraftState, ct);
    }

    public Task SayOsdAsync(CancellationToken ct) =>
        SayAsync(_options.DockSn, DjiTopicKind.Osd, _condition.Osd(_options.AircraftSn, _options.Profile.Aircraft.ModelKey), ct);

    async Task SayAsync(string sn, DjiTopicKind kind, DjiProperties properties, CancellationToken ct)
    {
        try
        {
            await link.PublishAsync(sn, kind, link.NewHead(), properties, ct);
        }
        catch (MqttException)
        {
            // The next one comes soon
        }
    }
}
