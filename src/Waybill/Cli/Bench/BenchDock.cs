using System.Buffers;
using System.Diagnostics;
using System.Text;
using Waybill.Device;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Cli.Bench;

/// <summary>A dock that costs the machine little: it says what was made ready, and answers a list with the same list.</summary>
sealed class BenchDock : IAsyncDisposable
{
    const int StateEvery = 15;

    /// <summary>As long and as deep as those of real docks.</summary>
    const string DockOsd = """
        {"tid":"6a7f5c3e-8b1d-4f7e-9c55-0d7f6a1b2c3d","bid":"0c9b8a7d-6e5f-4d3c-2b1a-9f8e7d6c5b4a","timestamp":1700000000000,"gateway":"{sn}","data":{"mode_code":0,"emergency_stop_state":0,"drone_in_dock":1,
        "cover_state":0,"putter_state":0,"supplement_light_state":0,"network_state":{"type":2,"quality":5,"rate":52.4},"job_number":321,"acc_time":1234567,"first_power_on":1650000000000,"alarm_state":0,"rainfall":0,"wind_speed":1.2,
        "environment_temperature":21.4,"environment_humidity":53,"temperature":27.5,"humidity":42,"electric_supply_voltage":228,"working_voltage":24012,"working_current":3220,
        "position_state":{"gps_number":27,"is_calibration":1,"is_fixed":2,"quality":5,"rtk_number":31},"storage":{"total":82045336,"used":512344},"latitude":52.51627,"longitude":13.37770,"height":34.123,
        "alternate_land_point":{"latitude":52.51630,"longitude":13.37780,"height":34,"safe_land_height":20,"is_configured":1},"backup_battery":{"switch":1,"voltage":13498,"temperature":26.1},
        "drone_charge_state":{"state":0,"capacity_percent":90},"sub_device":{"device_sn":"{aircraft}","device_model_key":"0-100-0","device_online_status":1,"device_paired":1},
        "wireless_link":{"4g_freq_band":5.8,"4g_gnd_quality":5,"4g_link_state":1,"4g_quality":5,"4g_uav_quality":5,"dongle_number":2,"link_workmode":1,"sdr_freq_band":2.4,"sdr_link_state":1,"sdr_quality":5},
        "maintain_status":{"maintain_status_array":[{"state":0,"last_maintain_type":17,"last_maintain_time":0,"last_maintain_work_sorties":0}]}}}
        """;

    const string AircraftOsd = """
        {"tid":"6a7f5c3e-8b1d-4f7e-9c55-0d7f6a1b2c3d","bid":"0c9b8a7d-6e5f-4d3c-2b1a-9f8e7d6c5b4a","timestamp":1700000000000,"gateway":"{sn}","data":{"mode_code":0,"gear":1,"attitude_head":12.3,"attitude_pitch":-0.4,"attitude_roll":0.2,
        "elevation":0,"height":34.2,"home_distance":0,"horizontal_speed":0,"vertical_speed":0,"latitude":52.51627,"longitude":13.37770,"total_flight_distance":123456.7,"total_flight_sorties":321,"total_flight_time":654321.5,
        "wind_direction":1,"wind_speed":12,"track_id":"","battery":{"capacity_percent":90,"landing_power":0,"remain_flight_time":0,"return_home_power":0,
        "batteries":[{"capacity_percent":90,"firmware_version":"02.00.20.52","high_voltage_storage_days":1,"index":0,"loop_times":42,"sn":"4ERPL6REA1234A","sub_type":0,"temperature":24.5,"type":0,"voltage":24561}]},
        "position_state":{"gps_number":18,"is_fixed":2,"quality":5,"rtk_number":22},"storage":{"total":60082000,"used":1042000},"obstacle_avoidance":{"downside":1,"horizon":1,"upside":1},"distance_limit_status":{"distance_limit":5000,"is_near_distance_limit":0,"state":0}}}
        """;

    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    static readonly DjiProfile s_profile = DjiProfile.V116;
    static readonly IReadOnlyList<DjiBootLog> s_boots = [.. Enumerable.Range(300, 20).Select(i => new DjiBootLog(i, 1_700_000_000_000 + i, 1_700_000_100_000 + i, 1_000_000))];

    readonly (string Topic, byte[] Payload) _osd;
    readonly (string Topic, byte[] Payload) _aircraftOsd;
    readonly (string Topic, byte[] Payload) _state;
    readonly string _aircraft;
    MqttClient? _client;
    TaskCompletionSource<(long There, long Back)>? _asked;

    BenchDock(int index)
    {
        (Sn, _aircraft) = (DockBenchPlan.Dock(index), DockBenchPlan.Aircraft(index));
        _osd = (DjiTopics.Of(DjiTopicKind.Osd, Sn), Encoding.UTF8.GetBytes(DockOsd.Replace("{sn}", Sn, StringComparison.Ordinal).Replace("{aircraft}", _aircraft, StringComparison.Ordinal)));
        _aircraftOsd = (DjiTopics.Of(DjiTopicKind.Osd, _aircraft), Encoding.UTF8.GetBytes(AircraftOsd.Replace("{sn}", Sn, StringComparison.Ordinal)));
        _state = Made(Sn, DjiTopicKind.State, new DjiProperties { FirmwareVersion = "10.01.32.05" });
    }

    public string Sn { get; }

    public static async Task<BenchDock> EnterAsync(int index, int port, CancellationToken ct)
    {
        var dock = new BenchDock(index);
        dock._client = await MqttClient.ConnectAsync(
            new()
            {
                Host = "127.0.0.1",
                Port = port,
                Connect = new() { ClientId = dock.Sn, UserName = dock.Sn, Password = Encoding.UTF8.GetBytes(DockBenchPlan.Secret), KeepAliveSeconds = 60 },
                OnMessage = dock.HearAsync,
                ConnectTimeout = TimeSpan.FromSeconds(30),
            },
            ct);
        await dock._client.SubscribeAsync(DjiTopics.Of(DjiTopicKind.Services, dock.Sn), MqttQos.AtLeastOnce, ct);
        var (topic, payload) = dock.Made(dock.Sn, DjiTopicKind.Status, new DjiTopology(s_profile.Dock, [new(dock._aircraft, "A", s_profile.Aircraft)]));
        await dock._client.PublishAsync(topic, payload, MqttQos.AtLeastOnce, ct);
        return dock;
    }

    /// <summary>Says how it stands until it is stopped.</summary>
    public async Task SayAsync(TimeSpan after, CancellationToken ct)
    {
        try
        {
            await Task.Delay(after, ct);
            using var pace = new PeriodicTimer(Pace);
            for (var beat = Sn[^1]; await pace.WaitForNextTickAsync(ct); beat++)
            {
                await _client!.PublishAsync(_osd.Topic, _osd.Payload, MqttQos.AtMostOnce, ct);
                await _client.PublishAsync(_aircraftOsd.Topic, _aircraftOsd.Payload, MqttQos.AtMostOnce, ct);
                if (beat % StateEvery == 0)
                    await _client.PublishAsync(_state.Topic, _state.Payload, MqttQos.AtLeastOnce, ct);
            }
        }
        catch (OperationCanceledException)
        {
            // It is over
        }
    }

    /// <summary>When the next command came, and when the answer to it was committed.</summary>
    public Task<(long There, long Back)> NextAsync(TimeSpan patience, CancellationToken ct)
    {
        var asked = new TaskCompletionSource<(long, long)>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _asked, asked);
        return asked.Task.WaitAsync(patience, ct);
    }

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? default;

    async ValueTask HearAsync(MqttClient client, MqttMessage message, CancellationToken ct)
    {
        var there = Stopwatch.GetTimestamp();
        if (!DjiDownReader.TryRead(DjiTopicKind.Services, message.Payload.Span, out var envelope, out var said, out _) || said is not DjiListLogs(var modules))
            return;
        var reply = new DjiCommandReply(0, null, [.. modules.Select(m => new DjiModuleLogs(m, m == DjiModules.Dock ? Sn : _aircraft, 0, s_boots, 0))]);
        var (topic, payload) = Made(Sn, DjiTopicKind.ServicesReply, reply, new(envelope.Tid, envelope.Bid, envelope.Method, Sn, 0));
        await client.PublishAsync(topic, payload, MqttQos.AtLeastOnce, ct);
        Volatile.Read(ref _asked)?.TrySetResult((there, Stopwatch.GetTimestamp()));
    }

    (string Topic, byte[] Payload) Made(string sn, DjiTopicKind kind, DjiUp message, DjiHead? head = null)
    {
        var payload = new ArrayBufferWriter<byte>();
        if (!DjiUpWriter.TryWrite(payload, head ?? new(Guid.NewGuid().ToString(), Guid.NewGuid().ToString(), null, Sn, 0), message, s_profile.Spelling))
            throw new InvalidOperationException("a message of a dock could not be written");
        return (DjiTopics.Of(kind, sn), payload.WrittenSpan.ToArray());
    }
}
