using System.Text.Json;
using System.Text.Json.Serialization;
using Waybill.Devices;

namespace Waybill.Upgrades;

/// <summary>JSON column of upgrades.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(IReadOnlyList<UpgradeTarget>))]
sealed partial class UpgradeJson : JsonSerializerContext;

/// <summary>Rows of upgrades.</summary>
sealed class UpgradeRows() : JobRows<Upgrade, UpgradeRow>("upgrades", Named)
{
    const string Named =
        "id, gateway_id as gatewayId, targets, state, step, stage, percent, rate, writing, claimed, answered, told_at as toldAt, code, reason, report, "
        + "created_at as createdAt, updated_at as updatedAt, deadline_at as deadlineAt, due_at as dueAt";

    protected override string Insert => """
        insert into upgrades
          (id, gateway_id, targets, state, step, stage, percent, rate, writing, claimed, answered, told_at, code, reason, report, created_at, updated_at, deadline_at, due_at)
        values (@Id, @GatewayId, @targets, @state, @step, @Stage, @percent, @Rate, @writing, @claimed, @answered, @ToldAt, @Code, @Reason, @Report,
          @CreatedAt, @UpdatedAt, @DeadlineAt, @DueAt)
        """;

    protected override string Update => """
        update upgrades set targets = @targets, state = @state, step = @step, stage = @Stage, percent = @percent, rate = @Rate, writing = @writing,
          claimed = @claimed, answered = @answered, told_at = @ToldAt, code = @Code, reason = @Reason, report = @Report, updated_at = @UpdatedAt,
          deadline_at = @DeadlineAt, due_at = @DueAt
        where id = @Id
        """;

    protected override object Values(Upgrade job) => new
    {
        job.Id,
        job.GatewayId,
        targets = JsonSerializer.Serialize(job.Targets, UpgradeJson.Default.IReadOnlyListUpgradeTarget),
        state = (short)job.State,
        step = (short)job.Step,
        job.Stage,
        percent = (short)job.Percent,
        job.Rate,
        writing = (short)(job.IsWriting ? 1 : 0),
        claimed = (short)(job.IsClaimed ? 1 : 0),
        answered = (short)(job.IsAnswered ? 1 : 0),
        job.ToldAt,
        job.Code,
        job.Reason,
        job.Report,
        job.CreatedAt,
        job.UpdatedAt,
        job.DeadlineAt,
        job.DueAt,
    };

    protected override Upgrade Job(UpgradeRow row) => new()
    {
        Id = row.Id,
        GatewayId = row.GatewayId,
        Targets = JsonSerializer.Deserialize(row.Targets, UpgradeJson.Default.IReadOnlyListUpgradeTarget)!,
        State = (UpgradeState)row.State,
        Step = (UpgradeStep)row.Step,
        Stage = row.Stage,
        Percent = row.Percent,
        Rate = row.Rate,
        IsWriting = row.Writing != 0,
        IsClaimed = row.Claimed != 0,
        IsAnswered = row.Answered != 0,
        ToldAt = row.ToldAt,
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
}
