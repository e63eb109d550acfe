using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Waybill.Data;

namespace Waybill.Upgrades;

/// <summary>JSON column of upgrades.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(IReadOnlyList<UpgradeTarget>))]
sealed partial class UpgradeJson : JsonSerializerContext;

/// <summary>The batch's load and save of upgrades. There are few of them: one text for both databases, row by row.</summary>
static class UpgradeRows
{
    const string Named =
        "id, gateway_id as gatewayId, targets, state, step, stage, percent, rate, writing, claimed, answered, told_at as toldAt, code, reason, report, "
        + "created_at as createdAt, updated_at as updatedAt, deadline_at as deadlineAt, due_at as dueAt";

    const string Insert = """
        insert into upgrades
          (id, gateway_id, targets, state, step, stage, percent, rate, writing, claimed, answered, told_at, code, reason, report, created_at, updated_at, deadline_at, due_at)
        values (@Id, @GatewayId, @targets, @state, @step, @Stage, @percent, @Rate, @writing, @claimed, @answered, @ToldAt, @Code, @Reason, @Report,
          @CreatedAt, @UpdatedAt, @DeadlineAt, @DueAt)
        """;

    const string Update = """
        update upgrades set targets = @targets, state = @state, step = @step, stage = @Stage, percent = @percent, rate = @Rate, writing = @writing,
          claimed = @claimed, answered = @answered, told_at = @ToldAt, code = @Code, reason = @Reason, report = @Report, updated_at = @UpdatedAt,
          deadline_at = @DeadlineAt, due_at = @DueAt
        where id = @Id
        """;

    public static async ValueTask LoadAsync(DbConnection db, UpgradeView view)
    {
        if (view.NeededIds.Count > 0)
            await ReadAsync(db, view, "id", view.NeededIds);
        if (view.NeededGateways.Count > 0)
            await ReadAsync(db, view, "state < 10 and gateway_id", view.NeededGateways);
    }

    public static async ValueTask SaveAsync(DbConnection db, UpgradeView view)
    {
        foreach (var (before, after) in view.Changed)
            await db.RunAsync(before is null ? Insert : Update, Values(after));
    }

    /// <summary>Upgrades whose time has come, soonest first.</summary>
    public static async ValueTask<IReadOnlyList<long>> DueAsync(Database database, long now, int most, CancellationToken ct) =>
        await database.ListAsync<long>("select id from upgrades where due_at <= @now order by due_at limit @most", new { now, most }, ct);

    public static async ValueTask<Upgrade?> FindAsync(Database database, long id, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var view = new UpgradeView();
        await ReadAsync(db, view, "id", [id]);
        return view.Find(id);
    }

    /// <summary>Numbers need no parameters, of which the two databases take lists in different ways.</summary>
    static async ValueTask ReadAsync(DbConnection db, UpgradeView view, string column, IEnumerable<long> needed)
    {
        var numbers = string.Join(',', needed.Select(n => n.ToString(CultureInfo.InvariantCulture)));
        foreach (var row in await db.ListAsync<UpgradeRow>($"select {Named} from upgrades where {column} in ({numbers})"))
            view.Loaded(row.Upgrade);
    }

    static object Values(Upgrade upgrade) => new
    {
        upgrade.Id,
        upgrade.GatewayId,
        targets = JsonSerializer.Serialize(upgrade.Targets, UpgradeJson.Default.IReadOnlyListUpgradeTarget),
        state = (short)upgrade.State,
        step = (short)upgrade.Step,
        upgrade.Stage,
        percent = (short)upgrade.Percent,
        upgrade.Rate,
        writing = (short)(upgrade.IsWriting ? 1 : 0),
        claimed = (short)(upgrade.IsClaimed ? 1 : 0),
        answered = (short)(upgrade.IsAnswered ? 1 : 0),
        upgrade.ToldAt,
        upgrade.Code,
        upgrade.Reason,
        upgrade.Report,
        upgrade.CreatedAt,
        upgrade.UpdatedAt,
        upgrade.DeadlineAt,
        upgrade.DueAt,
    };

    /// <summary>A row as both databases give it.</summary>
    sealed class UpgradeRow
    {
        public long Id { get; init; }
        public long GatewayId { get; init; }
        public string Targets { get; init; } = "[]";
        public short State { get; init; }
        public short Step { get; init; }
        public string? Stage { get; init; }
        public short Percent { get; init; }
        public long? Rate { get; init; }
        public short Writing { get; init; }
        public short Claimed { get; init; }
        public short Answered { get; init; }
        public long? ToldAt { get; init; }
        public int? Code { get; init; }
        public string? Reason { get; init; }
        public string? Report { get; init; }
        public long CreatedAt { get; init; }
        public long UpdatedAt { get; init; }
        public long DeadlineAt { get; init; }
        public long? DueAt { get; init; }

        public Upgrade Upgrade => new()
        {
            Id = Id,
            GatewayId = GatewayId,
            Targets = JsonSerializer.Deserialize(Targets, UpgradeJson.Default.IReadOnlyListUpgradeTarget)!,
            State = (UpgradeState)State,
            Step = (UpgradeStep)Step,
            Stage = Stage,
            Percent = Percent,
            Rate = Rate,
            IsWriting = Writing != 0,
            IsClaimed = Claimed != 0,
            IsAnswered = Answered != 0,
            ToldAt = ToldAt,
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
