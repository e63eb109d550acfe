using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>The steps of a dock from its connection to taking commands.</summary>
public enum DjiArrivalStep
{
    /// <summary>Its licence.</summary>
    Licence,

    /// <summary>Whether it belongs to an organization.</summary>
    BindStatus,

    /// <summary>The name of the organization that was typed in.</summary>
    Organization,

    /// <summary>Belonging to it.</summary>
    Binding,

    /// <summary>Its topology; after it the dock is there.</summary>
    Topology,
}

/// <summary>How the bring-up of a dock ended.</summary>
/// <param name="Step">The last one that was tried.</param>
/// <param name="Code">0, or the code that stopped it.</param>
/// <param name="IsAnswered">Whether the last question was answered.</param>
public sealed record DjiArrival(DjiArrivalStep Step, int Code, bool IsAnswered)
{
    /// <summary>Whether commands are taken: a missing answer to the topology does no harm.</summary>
    public bool IsOnline => Step == DjiArrivalStep.Topology && Code == 0;
}

/// <summary>Asks what a dock asks until it is there. A real one disconnects where this stops.</summary>
sealed class DjiArriving(DjiLink link, DjiPresence presence)
{
    const int ConfigTries = 3;

    readonly DjiDockOptions _options = link.Options;

    public async Task<DjiArrival> RunAsync(CancellationToken ct)
    {
        if (await LicenceAsync(ct) is { } unlicensed)
            return unlicensed;
        var asked = new DjiBindStatusAsked([_options.DockSn, _options.AircraftSn]);
        var status = await AskAsync(asked, ct);
        if (status is not DjiBindStatus(var bound))
            return Stopped(DjiArrivalStep.BindStatus, status);
        if (!asked.Sns.All(sn => bound.Any(d => d.Sn == sn && d.Organization is not null)) && await BindAsync(ct) is { } unbound)
            return unbound;
        var seen = await presence.TellTopologyAsync(ct);
        return seen is DjiResult(var code) ? new(DjiArrivalStep.Topology, code, true) : new(DjiArrivalStep.Topology, 0, seen is not null);
    }

    Task<DjiDown?> AskAsync(DjiUp question, CancellationToken ct) =>
        link.AskAsync(question, link.NewHead(), [_options.AnswerTimeout], isPatient: false, ct);

    async Task<DjiArrival?> LicenceAsync(CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await AskAsync(new DjiConfigAsked(), ct);
            if (answer is DjiConfig)
                return null;
            if (answer is not null || tries == ConfigTries)
                return Stopped(DjiArrivalStep.Licence, answer);
            await Task.Delay(_options.ConfigDelay, _options.Clock, ct);
        }
    }

    async Task<DjiArrival?> BindAsync(CancellationToken ct)
    {
        if (_options.Organization is not { } typed)
            return new(DjiArrivalStep.Organization, 0, true);
        var organization = await AskAsync(typed, ct);
        if (organization is not DjiOrganization)
            return Stopped(DjiArrivalStep.Organization, organization);
        var outcome = await AskAsync(new DjiBindAsked([Binding(_options.DockSn, _options.Profile.Dock, typed), Binding(_options.AircraftSn, _options.Profile.Aircraft, typed)]), ct);
        if (outcome is not DjiBindOutcome(var devices))
            return Stopped(DjiArrivalStep.Binding, outcome);
        return devices.FirstOrDefault(d => d.Code != 0) is { } refused ? new(DjiArrivalStep.Binding, refused.Code, true) : null;
    }

    DjiBinding Binding(string sn, DjiThing thing, DjiOrganizationAsked typed) => new(sn, typed.OrganizationId, typed.BindingCode, _options.Callsign, thing.ModelKey);

    static DjiArrival Stopped(DjiArrivalStep step, DjiDown? answer) => new(step, answer is DjiResult(var code) ? code : 0, answer is not null);
}
