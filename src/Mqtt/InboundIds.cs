namespace Waybill.Mqtt;

/// <summary>Packet ids of QoS 2 messages from the other side between PUBLISH and PUBREL. Made with the first one, used under the output's lock.</summary>
sealed class InboundIds
{
    readonly Dictionary<ushort, Stage> _stages = [];

    /// <summary>Pending: the application has it, PUBREC was not sent. Received: PUBREC was sent, a repetition is not a new message.</summary>
    public enum Stage : byte { None, Pending, Received }

    public int Count => _stages.Count;

    public Stage StageOf(ushort id) => _stages.GetValueOrDefault(id);

    public void Begin(ushort id) => _stages[id] = Stage.Pending;

    public void Receive(ushort id) => _stages[id] = Stage.Received;

    /// <summary>Forgets those that the application did not acknowledge.</summary>
    public void ForgetPending()
    {
        foreach (var (id, stage) in _stages)
            if (stage == Stage.Pending) _stages.Remove(id);
    }

    public void Clear() => _stages.Clear();

    public void Forget(ushort id) => _stages.Remove(id);
}
