using Waybill.Devices;

namespace Waybill.Api.Tencent;

/// <summary>Something that can be asked for, and what the caller must be allowed for it.</summary>
sealed record TencentAction(Actions Need, Func<ActionCall, CancellationToken, Task<ActionAnswer>> RunAsync)
{
    /// <exception cref="RefusedException">The caller may not.</exception>
    public Task<ActionAnswer> RunForAsync(ActionCall call, CancellationToken ct) => call.Caller.Actions.HasFlag(Need)
        ? RunAsync(call, ct)
        : throw new RefusedException("not_allowed", $"This needs the action {ActionWords.Of(Need)[0]}, which your key or token does not have.");
}

/// <summary>One call of an action.</summary>
/// <param name="Caller">Who calls.</param>
/// <param name="Parameters">With what.</param>
/// <param name="UrlBase">Where the caller reaches <c>/o/…</c>, no slash at the end.</param>
/// <param name="Token">What an app brought; null where a program signed.</param>
sealed record ActionCall(Caller Caller, ActionParameters Parameters, string UrlBase, AppToken? Token = null);

/// <summary>The actions of one address, by name.</summary>
sealed class ActionTable(IEnumerable<(string Name, TencentAction Action)> actions)
{
    readonly Dictionary<string, TencentAction> _byName = actions.ToDictionary(a => a.Name, a => a.Action, StringComparer.Ordinal);

    public TencentAction Find(string name) =>
        _byName.GetValueOrDefault(name) ?? throw new RefusedException("InvalidAction", "There is no such action here.");
}
