using System.Text.Json;
using Waybill.Devices;

namespace Waybill.Logs;

/// <summary>Rows of log requests.</summary>
sealed class LogRows() : JobRows<LogRequest, LogRow>("log_requests", Named)
{
    const string Named =
        "id, gateway_id as gatewayId, modules, state, step, command, told_at as toldAt, tries, lists, archives, code, reason, report, "
        + "created_at as createdAt, updated_at as updatedAt, deadline_at as deadlineAt, due_at as dueAt";

    protected override string Insert => """
        insert into log_requests
          (id, gateway_id, modules, state, step, command, told_at, tries, lists, archives, code, reason, report, created_at, updated_at, deadline_at, due_at)
        values (@Id, @GatewayId, @modules, @state, @step, @command, @ToldAt, @tries, @lists, @archives, @Code, @Reason, @Report,
          @CreatedAt, @UpdatedAt, @DeadlineAt, @DueAt)
        """;

    protected override string Update => """
        update log_requests set modules = @modules, state = @state, step = @step, command = @command, told_at = @ToldAt, tries = @tries, lists = @lists,
          archives = @archives, code = @Code, reason = @Reason, report = @Report, updated_at = @UpdatedAt, deadline_at = @DeadlineAt, due_at = @DueAt
        where id = @Id
        """;

    protected override object Values(LogRequest job) => new
    {
        job.Id,
        job.GatewayId,
        modules = JsonSerializer.Serialize(job.Modules, LogJson.Default.IReadOnlyListString),
        state = (short)job.State,
        step = (short)job.Step,
        command = (short)job.Command,
        job.ToldAt,
        tries = (short)job.Tries,
        lists = JsonSerializer.Serialize(job.Lists, LogJson.Default.IReadOnlyListLogList),
        archives = JsonSerializer.Serialize(job.Archives, LogJson.Default.IReadOnlyListLogArchive),
        job.Code,
        job.Reason,
        job.Report,
        job.CreatedAt,
        job.UpdatedAt,
        job.DeadlineAt,
        job.DueAt,
    };

    protected override LogRequest Job(LogRow row) => new()
    {
        Id = row.Id,
        GatewayId = row.GatewayId,
        Modules = JsonSerializer.Deserialize(row.Modules, LogJson.Default.IReadOnlyListString)!,
        State = (LogState)row.State,
        Step = (LogStep)row.Step,
        Command = (LogCommand)row.Command,
        ToldAt = row.ToldAt,
        Tries = row.Tries,
        Lists = JsonSerializer.Deserialize(row.Lists, LogJson.Default.IReadOnlyListLogList)!,
        Archives = JsonSerializer.Deserialize(row.Archives, LogJson.Default.IReadOnlyListLogArchive)!,
        Code = row.Code,
        Reason = row.Reason,
        Report = row.Report,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
        DeadlineAt = row.DeadlineAt,
        DueAt = row.DueAt,
    };
}

/// <summary>A row as both databases give it.</summary>
sealed class LogRow
{
    public long Id { get; init; }
    public long GatewayId { get; init; }
    public string Modules { get; init; } = "[]";
    public short State { get; init; }
    public short Step { get; init; }
    public short Command { get; init; }
    public long? ToldAt { get; init; }
    public short Tries { get; init; }
    public string Lists { get; init; } = "[]";
    public string Archives { get; init; } = "[]";
    public int? Code { get; init; }
    public string? Reason { get; init; }
    public string? Report { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
    public long DeadlineAt { get; init; }
    public long? DueAt { get; init; }
}
