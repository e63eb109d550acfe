using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Waybill.Data;

namespace Waybill.Logs;

/// <summary>The batch's load and save of log requests. There are few of them: one text for both databases, row by row.</summary>
static class LogRows
{
    const string Columns =
        "id, gateway_id, modules, state, step, command, told_at, tries, lists, archives, code, reason, report, created_at, updated_at, deadline_at, due_at";

    const string Named =
        "id, gateway_id as gatewayId, modules, state, step, command, told_at as toldAt, tries, lists, archives, code, reason, report, "
        + "created_at as createdAt, updated_at as updatedAt, deadline_at as deadlineAt, due_at as dueAt";

    const string Insert = $"""
        insert into log_requests ({Columns})
        values (@Id, @GatewayId, @modules, @state, @step, @command, @ToldAt, @tries, @lists, @archives, @Code, @Reason, @Report, @CreatedAt, @UpdatedAt, @DeadlineAt, @DueAt)
        """;

    const string Update = """
        update log_requests set modules = @modules, state = @state, step = @step, command = @command, told_at = @ToldAt, tries = @tries, lists = @lists,
          archives = @archives, code = @Code, reason = @Reason, report = @Report, updated_at = @UpdatedAt, deadline_at = @DeadlineAt, due_at = @DueAt
        where id = @Id
        """;

    public static async ValueTask LoadAsync(DbConnection db, LogView view)
    {
        if (view.NeededIds.Count > 0)
            await ReadAsync(db, view, "id", view.NeededIds);
        if (view.NeededGateways.Count > 0)
            await ReadAsync(db, view, "state < 10 and gateway_id", view.NeededGateways);
    }

    public static async ValueTask SaveAsync(DbConnection db, LogView view)
    {
        foreach (var (before, after) in view.Changed)
            await db.RunAsync(before is null ? Insert : Update, Values(after));
    }

    /// <summary>Requests whose time has come, with their gateways.</summary>
    public static async ValueTask<IReadOnlyList<DueLogRequest>> DueAsync(Database database, long now, int most, CancellationToken ct) =>
        await database.ListAsync<DueLogRequest>(
            "select id, gateway_id as gatewayId from log_requests where due_at <= @now order by due_at limit @most", new { now, most }, ct);

    public static async ValueTask<LogRequest?> FindAsync(Database database, long id, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var view = new LogView();
        await ReadAsync(db, view, "id", [id]);
        return view.Find(id);
    }

    /// <summary>Numbers need no parameters, of which the two databases take lists in different ways.</summary>
    static async ValueTask ReadAsync(DbConnection db, LogView view, string column, IEnumerable<long> needed)
    {
        var numbers = string.Join(',', needed.Select(n => n.ToString(CultureInfo.InvariantCulture)));
        foreach (var row in await db.ListAsync<LogRow>($"select {Named} from log_requests where {column} in ({numbers})"))
            view.Loaded(row.Request);
    }

    static object Values(LogRequest request) => new
    {
        request.Id,
        request.GatewayId,
        modules = JsonSerializer.Serialize(request.Modules, LogJson.Default.IReadOnlyListString),
        state = (short)request.State,
        step = (short)request.Step,
        command = (short)request.Command,
        request.ToldAt,
        tries = (short)request.Tries,
        lists = JsonSerializer.Serialize(request.Lists, LogJson.Default.IReadOnlyListLogList),
        archives = JsonSerializer.Serialize(request.Archives, LogJson.Default.IReadOnlyListLogArchive),
        request.Code,
        request.Reason,
        request.Report,
        request.CreatedAt,
        request.UpdatedAt,
        request.DeadlineAt,
        request.DueAt,
    };

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

        public LogRequest Request => new()
        {
            Id = Id,
            GatewayId = GatewayId,
            Modules = JsonSerializer.Deserialize(Modules, LogJson.Default.IReadOnlyListString)!,
            State = (LogState)State,
            Step = (LogStep)Step,
            Command = (LogCommand)Command,
            ToldAt = ToldAt,
            Tries = Tries,
            Lists = JsonSerializer.Deserialize(Lists, LogJson.Default.IReadOnlyListLogList)!,
            Archives = JsonSerializer.Deserialize(Archives, LogJson.Default.IReadOnlyListLogArchive)!,
            Code = Code,
            Reason = Reason,
            Report = Report,
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
            DeadlineAt = DeadlineAt,
            DueAt = DueAt,
        };
    }
}

sealed record DueLogRequest(long Id, long GatewayId);
