using System.Globalization;
using Waybill.Devices;
using Waybill.Events;

namespace Waybill.Logs;

/// <summary>
/// One conversation with a dock about its logs: list, choose, upload. A gateway has at most one that is open. Times are Unix
/// milliseconds, sizes bytes.
/// </summary>
sealed record LogRequest : IGatewayJob<LogRequest>
{
    public required long Id { get; init; }

    /// <summary>Row id of the dock.</summary>
    public required long GatewayId { get; init; }

    /// <summary>Whose logs: <c>0</c> the aircraft's, <c>3</c> the dock's.</summary>
    public required IReadOnlyList<string> Modules { get; init; }

    public LogState State { get; init; }
    public LogStep Step { get; init; }

    /// <summary>What the dock is to be told next, or has been told and did not answer yet.</summary>
    public LogCommand Command { get; init; } = LogCommand.List;

    /// <summary>When it was told; null: it was not.</summary>
    public long? ToldAt { get; init; }

    /// <summary>How often it was told without an answer.</summary>
    public int Tries { get; init; }

    /// <summary>What there is to choose from, by module.</summary>
    public IReadOnlyList<LogList> Lists { get; init; } = [];

    /// <summary>What was chosen: one archive for each module.</summary>
    public IReadOnlyList<LogArchive> Archives { get; init; } = [];

    /// <summary>The dock's code, kept as it came.</summary>
    public int? Code { get; init; }

    /// <summary>Why it is in this state, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>What the dock said after the end, or to a cancel it refused: recorded, not applied.</summary>
    public string? Report { get; init; }

    public required long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
    public required long DeadlineAt { get; init; }

    /// <summary>When the clock must look at it again; null when it is over.</summary>
    public long? DueAt { get; init; }

    public bool IsOpen => State < LogState.Ok;

    /// <summary>Whether a command waits to be sent.</summary>
    public bool HasToTell => IsOpen && Command != LogCommand.None && ToldAt is null;

    public string? CredentialJob => Archives.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"log-{Id}");

    public bool HasWork => HasToTell || (IsOpen && Step == LogStep.Verifying);

    /// <summary>Whether the dock has been told to upload: from here on only it can end the request, or the clock.</summary>
    public bool IsExporting => IsOpen && Archives.Count > 0 && State != LogState.Pending;

    /// <summary>Of all archives together.</summary>
    public int Percent => State == LogState.Ok ? 100 : Archives.Count == 0 ? 0 : (int)Archives.Average(a => a.State == LogState.Ok ? 100 : a.Percent);

    public LogArchive? Find(string? module) => Archives.FirstOrDefault(a => string.Equals(a.Module, module, StringComparison.Ordinal));

    /// <summary>The same with other archives.</summary>
    public LogRequest With(Func<LogArchive, LogArchive> change) => this with { Archives = [.. Archives.Select(change)] };

    public LogRequest At(long updatedAt) => this with { UpdatedAt = updatedAt };

    public EventRow ToEvent() => new(0, GatewayId, Id, UpdatedAt, (short)(EventSubject.Log + (short)State))
    {
        Step = (short)Step,
        Percent = (short)Percent,
        Code = Code,
        Reason = EventReason.Of(Reason),
    };

    /// <summary>Over, for all that was not over before.</summary>
    public LogRequest Ended(LogState state, string? reason, int? code = null) => this with
    {
        State = state,
        Step = LogStep.None,
        Command = LogCommand.None,
        ToldAt = null,
        Reason = reason,
        Code = code ?? Code,
        DueAt = null,
        Archives = [.. Archives.Select(a => a.IsOpen ? a.Ended(state, reason, code) : a)],
    };

    /// <summary>A command is to be sent, as soon as the dock listens.</summary>
    public LogRequest ToTell(LogCommand command, long dueAt) => this with { Command = command, ToldAt = null, Tries = 0, DueAt = dueAt };

    /// <summary>The dock answered; nothing is outstanding.</summary>
    public LogRequest Answered(long dueAt) => this with { Command = LogCommand.None, ToldAt = null, Tries = 0, DueAt = Math.Min(dueAt, DeadlineAt) };
}
