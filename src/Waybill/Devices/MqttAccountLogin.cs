namespace Waybill.Devices;

/// <summary>Topic filters an account may publish into and subscribe within.</summary>
sealed record MqttAccountRules(string Name, IReadOnlyList<string> Publish, IReadOnlyList<string> Subscribe);

/// <summary>Whether a program may come in, and what it may then do.</summary>
sealed class MqttAccountLogin(MqttAccounts accounts) : IDisposable
{
    // hashing is slow on purpose: who knocks a thousand times must not take every core
    readonly SemaphoreSlim _hashing = new(2);

    /// <exception cref="RefusedException">With the reason for the log; the program learns only that it may not come in.</exception>
    public async ValueTask<MqttAccountRules> AdmitAsync(string name, string password, CancellationToken ct)
    {
        var account = MqttAccount.IsName(name) ? await accounts.FindAsync(name, ct) : null;
        await _hashing.WaitAsync(ct);
        try
        {
            if (!PasswordHash.Fits(password, account?.PasswordHash ?? PasswordHash.OfNobody) || account is null)
                throw new RefusedException("password_wrong", "no such MQTT account, or its password is another");
        }
        finally
        {
            _hashing.Release();
        }
        return RulesOf(account) ?? throw new RefusedException("account_disabled", "the MQTT account is disabled");
    }

    /// <summary>What an account may do without signing in; null when there is none, or it is disabled.</summary>
    public async ValueTask<MqttAccountRules?> FindAsync(string name, CancellationToken ct) =>
        await accounts.FindAsync(name, ct) is { } account ? RulesOf(account) : null;

    public void Dispose() => _hashing.Dispose();

    static MqttAccountRules? RulesOf(MqttAccount account) =>
        account.DisabledAt is null ? new(account.Name, account.Publish, account.Subscribe) : null;
}
