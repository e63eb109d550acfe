namespace Waybill.Cli.Simulate;

/// <summary>What one device does in a simulation: its uploads one after the other, its downloads beside them, its removals at the end.</summary>
sealed class DeviceRun(SimulationPlan plan, int index, SimulatedDevice device, Board board)
{
    public Task UploadsAsync(Func<bool> isOver, CancellationToken ct) => RepeatAsync(plan.Uploads, isOver, i => UploadAsync(i, ct));

    public Task DownloadsAsync(ApiClient api, IReadOnlyList<(string Name, PatternContent Content)> library, Func<bool> isOver, CancellationToken ct) =>
        RepeatAsync(plan.Downloads, isOver, i => DownloadAsync(api, library[i % library.Count], i, ct));

    /// <summary>Of files that it has fetched.</summary>
    public async Task RemovalsAsync(ApiClient api, IReadOnlyList<(string Name, PatternContent Content)> library, CancellationToken ct)
    {
        for (var i = 0; i < Math.Min(plan.Removals, library.Count); i++)
        {
            var transfer = new SimulatedTransfer(SimulatedKind.Removal, device, library[i].Name, library[i].Content) { Board = board };
            board.Begun(transfer);
            await CatchAsync(transfer, OrderedAsync(api, transfer, ask: false, ct));
        }
    }

    async Task RepeatAsync(int count, Func<bool> isOver, Func<int, Task> act)
    {
        for (var i = 0; plan.Duration is null ? i < count : count > 0 && !isOver(); i++)
            await act(i);
    }

    async Task UploadAsync(int i, CancellationToken ct)
    {
        var dice = Dice(i);
        var content = new PatternContent(dice.Next(), dice.NextInt64(plan.LeastSize, plan.MostSize + 1));
        // The Python SDK writes names that are not ASCII in another way
        var name = device.Variant == SimulatedVariant.Python ? $"录像-{plan.Run}-{i}" : $"up-{plan.Run}-{i}.bin";
        var transfer = new SimulatedTransfer(SimulatedKind.Upload, device, name, content) { Board = board, Faults = Throw(dice, content.Size, SimulatedKind.Upload) };
        board.Begun(transfer);
        Arm(transfer, dice);
        await CatchAsync(transfer, device.UploadAsync(transfer, ct));
    }

    async Task DownloadAsync(ApiClient api, (string Name, PatternContent Content) file, int i, CancellationToken ct)
    {
        var dice = Dice(~i);
        var transfer = new SimulatedTransfer(SimulatedKind.Download, device, file.Name, file.Content)
        {
            Board = board,
            Faults = Throw(dice, file.Content.Size, SimulatedKind.Download),
        };
        board.Begun(transfer);
        Arm(transfer, dice);
        await CatchAsync(transfer, OrderedAsync(api, transfer, ask: i % 2 == 0, ct));
    }

    async Task OrderedAsync(ApiClient api, SimulatedTransfer transfer, bool ask, CancellationToken ct)
    {
        device.Expect(transfer);
        transfer.Id = await api.OrderAsync(transfer.Kind.Word(), plan.Product, device.Name, transfer.Name, ct);
        await device.CarryOutAsync(transfer, ask, ct);
    }

    async Task CatchAsync(SimulatedTransfer transfer, Task act)
    {
        try
        {
            await act;
        }
        catch (Exception e) when (e is ApiException or HttpRequestException or Mqtt.Client.MqttException or IOException)
        {
            transfer.Problem = e.Message;
            board.GivenUp();
        }
    }

    Random Dice(int i) => new(unchecked((plan.Seed * 31 + index) * 7919 + i));

    Faults Throw(Random dice, long size, SimulatedKind kind)
    {
        var rates = plan.Faults;
        if (kind == SimulatedKind.Upload && dice.NextDouble() < rates.FalseDone)
            return Faults.FalseDone;
        Faults If(Faults fault, double rate) => dice.NextDouble() < rate ? fault : Faults.None;
        var drawn = If(Faults.Drop, rates.Drop) | If(Faults.WrongMd5, rates.WrongMd5) | If(Faults.Repeat, rates.Repeat)
            | If(Faults.Reboot, rates.Reboot) | If(Faults.Reflash, rates.Reflash);
        // Nothing breaks in the middle of nothing
        return (size > 1 ? drawn : drawn & Faults.Repeat) & device.Meets(kind);
    }

    void Arm(SimulatedTransfer transfer, Random dice)
    {
        var middle = Math.Max(1, (long)(transfer.Content.Size * (0.2 + 0.6 * dice.NextDouble())));
        long? If(Faults fault, long at) => transfer.Faults.HasFlag(fault) ? at : null;
        if ((transfer.Faults & (Faults.Drop | Faults.WrongMd5)) != Faults.None)
            device.Radio.Arm(transfer.Kind == SimulatedKind.Upload, new() { FlipAt = If(Faults.WrongMd5, middle / 2), BreakAt = If(Faults.Drop, middle), Met = transfer.Meet });
        if (transfer.Faults.HasFlag(Faults.Reflash))
            transfer.Ambush = (middle, () => Meet(Faults.Reflash, device.Reflash));
        else if (transfer.Faults.HasFlag(Faults.Reboot))
            transfer.Ambush = (middle, () => Meet(Faults.Reboot, device.CutPower));

        void Meet(Faults fault, Action act)
        {
            transfer.Meet(fault);
            act();
        }
    }
}
