using System.Globalization;
using System.Text.Json;
using Waybill.Device;
using Waybill.Mqtt.Client;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Cli.Simulate.Docks;

/// <summary>One dock's trials, one after the other, each held against what the API says.</summary>
sealed class DockRun(DockPlan plan, int index, DockApi api, DockBoard board) : IAsyncDisposable
{
    static readonly string[] s_modules = [DjiModules.Aircraft, DjiModules.Dock];

    readonly SimulatedDock _dock = new(plan, index, board);
    int _upgrades;

    public async Task RunAsync(CancellationToken ct)
    {
        var isThere = true;
        foreach (var trial in plan.TrialsOf(index))
        {
            var proof = board.Begin(_dock.Sn, _dock.Profile.Name, trial);
            if (isThere)
                await RunAsync(trial, proof, ct);
            else
                proof.End("the dock did not arrive");
            isThere &= trial != DockTrial.BringUp || proof.IsProven;
        }
    }

    public ValueTask DisposeAsync() => _dock.DisposeAsync();

    async Task RunAsync(DockTrial trial, DockProof proof, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(plan.Settle);
        try
        {
            proof.End(await TryAsync(trial, proof, patience.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            proof.End($"did not end within {plan.Settle.TotalSeconds:0} s{(proof.Stage.Length > 0 ? ": " + proof.Stage : "")}");
        }
        catch (Exception e) when (e is ApiException or HttpRequestException or MqttException or IOException)
        {
            proof.End(e.Message);
        }
    }

    /// <summary>Null: as it should be.</summary>
    Task<string?> TryAsync(DockTrial trial, DockProof proof, CancellationToken ct) => trial switch
    {
        DockTrial.BringUp => ArriveAsync(proof, ct),
        DockTrial.WrongCode => WrongCodeAsync(ct),
        DockTrial.Media => MediaAsync(ct),
        DockTrial.Upgrade => UpgradeAsync(proof, ct),
        DockTrial.LowBattery => WhileAsync(c => c with { Battery = 12 }, () => RefusedAsync("battery_low", () => OrderUpgradeAsync(ct)), ct),
        DockTrial.EmergencyStop => WhileAsync(c => c with { IsStopped = true }, () => RefusedAsync("emergency_stop", () => OrderUpgradeAsync(ct)), ct),
        DockTrial.UpgradeFails => WhileAsync(c => c with { UpgradeFault = DjiErrorCodes.UpgradeFailed }, () => FailedUpgradeAsync(proof, ct), ct),
        DockTrial.AircraftOff => WhileAsync(c => c with { AircraftIsOn = false }, () => AircraftOffAsync(proof, ct), ct),
        DockTrial.Restart => WhileAsync(c => c with { RestartsInExport = true }, () => FailedLogsAsync(DjiErrorCodes.ExportRestarted, proof, ct), ct),
        DockTrial.UploadCut => CutAsync(proof, ct),
        DockTrial.WrongFingerprint => WhileAsync(c => c with { MistakesFingerprints = true }, () => LogsAsync(s_modules, proof, ct), ct),
        DockTrial.LostReply => WhileAsync(c => c with { LosesReplies = true }, () => LogsAsync(s_modules, proof, ct), ct),
        DockTrial.BlankSn => WithAsync(_dock.Profile with { Spelling = _dock.Profile.Spelling with { SnIsBlank = true } }, proof, ct),
        DockTrial.RandomBid => WithAsync(_dock.Profile with { HasRandomBid = true }, proof, ct),
        _ => LogsAsync(s_modules, proof, ct),
    };

    async Task<string?> ArriveAsync(DockProof proof, CancellationToken ct)
    {
        proof.Move("connecting", 10);
        var arrival = await _dock.StartAsync(_dock.Profile, DockPlan.BindingCode, ct);
        if (!arrival.IsOnline)
            return $"stopped at {arrival.Step} with code {arrival.Code}";
        proof.Move("telling how it stands", 80);
        await api.UntilAsync($"products/{plan.Product}/devices/{_dock.Sn}/arrival", a => a.GetProperty("steps").EnumerateArray().Where(s => s.Text("step") != "storage").All(s => s.GetProperty("done").GetBoolean()), ct);
        await VersionsAsync(_dock.Dock.Condition.DockFirmware, _dock.Dock.Condition.AircraftFirmware, ct);
        return null;
    }

    /// <summary>A dock that is bound already is not asked for a code: it is another one, once.</summary>
    async Task<string?> WrongCodeAsync(CancellationToken ct)
    {
        await api.UnbindAsync(_dock.Sn, ct);
        var arrival = await _dock.StartAsync(_dock.Profile, "WRONG", ct);
        var seen = await api.ArrivalAsync(_dock.Sn, ct);
        var bound = seen.GetProperty("steps").EnumerateArray().First(s => s.Text("step") == "bound");
        await _dock.StartAsync(_dock.Profile, DockPlan.BindingCode, ct);
        if (arrival.Code != DjiErrorCodes.BadBindingCode)
            return $"stopped at {arrival.Step} with code {arrival.Code}";
        return bound.Text("cause") is { } cause && cause.Contains("binding code", StringComparison.Ordinal) ? null : "the API does not say why";
    }

    async Task<string?> LogsAsync(string[] modules, DockProof proof, CancellationToken ct)
    {
        var ended = await FetchAsync(modules, proof, ct);
        if (ended.State() != "ok")
            return ended.Words();
        foreach (var archive in ended.GetProperty("archives").EnumerateArray())
        {
            if (archive.Text("sha256") is not { } sha256 || sha256 != _dock.Storage.Put(archive.Text("key")!))
                return $"in storage is not what the dock packed: {archive.Text("key")}";
        }
        return ended.GetProperty("archives").GetArrayLength() == modules.Length ? Begun(1) : "an archive is missing";
    }

    async Task<string?> FailedLogsAsync(int code, DockProof proof, CancellationToken ct)
    {
        var ended = await FetchAsync([DjiModules.Dock], proof, ct);
        _dock.Outcomes.TryRead(out _);
        return ended.State() == "failed" && ended.Code() == code ? null : ended.Words();
    }

    /// <summary>List, choose everything, upload.</summary>
    async Task<JsonElement> FetchAsync(string[] modules, DockProof proof, CancellationToken ct)
    {
        Forget();
        var id = await api.OrderLogsAsync(_dock.Sn, modules, ct);
        proof.Move("listing", 5);
        var listed = await api.UntilAsync($"logs/{id}", j => j.State() == "listed" || j.IsOver(), ct);
        if (listed.State() != "listed")
            return listed;
        await api.ChooseAllAsync(id, listed, ct);
        return await api.UntilAsync($"logs/{id}", j => Followed(j, "uploading", proof), ct);
    }

    async Task<string?> CutAsync(DockProof proof, CancellationToken ct)
    {
        _dock.Storage.Break();
        return await FailedLogsAsync(DjiErrorCodes.UploadFailed, proof, ct);
    }

    async Task<string?> AircraftOffAsync(DockProof proof, CancellationToken ct) =>
        await RefusedAsync("aircraft_off", () => api.OrderLogsAsync(_dock.Sn, [DjiModules.Aircraft], ct)) ?? await LogsAsync([DjiModules.Dock], proof, ct);

    /// <summary>With a habit that is not its own.</summary>
    async Task<string?> WithAsync(DjiProfile profile, DockProof proof, CancellationToken ct)
    {
        await _dock.StartAsync(profile, DockPlan.BindingCode, ct);
        var found = await LogsAsync(s_modules, proof, ct) ?? await UpgradeAsync(proof, ct);
        await _dock.StartAsync(_dock.Profile, DockPlan.BindingCode, ct);
        return found;
    }

    async Task<string?> UpgradeAsync(DockProof proof, CancellationToken ct)
    {
        Forget();
        var id = await OrderUpgradeAsync(ct);
        var ended = await api.UntilAsync($"upgrades/{id}", j => Followed(j, "upgrading", proof), ct);
        if (ended.State() != "ok")
            return ended.Words();
        await VersionsAsync(Version, Version, ct);
        return null;
    }

    async Task<string?> FailedUpgradeAsync(DockProof proof, CancellationToken ct)
    {
        var id = await OrderUpgradeAsync(ct);
        var ended = await api.UntilAsync($"upgrades/{id}", j => Followed(j, "upgrading", proof), ct);
        return ended.State() == "failed" && ended.Code() == DjiErrorCodes.UpgradeFailed ? null : ended.Words();
    }

    async Task<string?> MediaAsync(CancellationToken ct)
    {
        if (await _dock.Dock.AskAsync(new DjiStorageAsked(0), ct) is not DjiMediaStorage(var storage, var prefix))
            return "was not told where to put media";
        var (name, key) = ($"{plan.Run}.jpg", $"{prefix.TrimEnd('/')}/{plan.Run}.jpg");
        var content = new PatternContent(plan.Seed, plan.LeastSize);
        await using var photo = new PatternStream(content, content.Size);
        await _dock.Storage.UploadAsync(storage, key, photo, new Progress<long>(), ct);
        for (var times = 0; times < 2; times++)
            await _dock.Dock.TellAsync(new(key) { Name = name }, ct);
        var count = await api.FilesAsync(_dock.Sn, name, ct);
        return count == 1 ? null : $"is there {count} times";
    }

    /// <summary>A condition, and then the one before again.</summary>
    async Task<string?> WhileAsync(Func<DjiCondition, DjiCondition> change, Func<Task<string?>> act, CancellationToken ct)
    {
        var before = _dock.Dock.Condition;
        await _dock.Dock.SetAsync(change(before), ct);
        try
        {
            return await act();
        }
        finally
        {
            var now = _dock.Dock.Condition;
            await _dock.Dock.SetAsync(before with { DockFirmware = now.DockFirmware, AircraftFirmware = now.AircraftFirmware }, ct);
        }
    }

    static async Task<string?> RefusedAsync(string code, Func<Task> order)
    {
        try
        {
            await order();
            return "was not refused";
        }
        catch (ApiException refusal)
        {
            return refusal.Code == code ? null : refusal.Message;
        }
    }

    async Task VersionsAsync(string dock, string aircraft, CancellationToken ct)
    {
        foreach (var (sn, version) in ((string, string)[])[(_dock.Sn, dock), (_dock.AircraftSn, aircraft)])
            await api.UntilAsync($"products/{plan.Product}/devices/{sn}", d => d.Text("firmware") == version, ct);
    }

    Task<string> OrderUpgradeAsync(CancellationToken ct)
    {
        _upgrades++;
        return api.OrderUpgradeAsync(_dock.Sn, [_dock.Sn, _dock.AircraftSn], Version, ct);
    }

    string Version => string.Create(CultureInfo.InvariantCulture, $"{plan.Run}.{index}.{_upgrades}");

    static bool Followed(JsonElement job, string what, DockProof proof)
    {
        proof.Move(job.Text("step") ?? job.Text("stage") ?? what, job.Percent());
        return job.IsOver();
    }

    void Forget()
    {
        while (_dock.Outcomes.TryRead(out _))
        {
            // of a trial before
        }
    }

    string? Begun(int times)
    {
        var count = 0;
        while (_dock.Outcomes.TryRead(out _))
            count++;
        return count <= times ? null : $"was begun {count} times";
    }
}
