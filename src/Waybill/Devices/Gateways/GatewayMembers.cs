using System.Data.Common;
using Waybill.Data;
using Waybill.Link;

namespace Waybill.Devices.Gateways;

/// <summary>
/// Who stands behind which gateway, and which firmware they have. A gateway speaks for its members, so it gets nobody who speaks
/// for himself: who has come in by himself, or has members.
/// </summary>
sealed class GatewayMembers(Database database, DeviceConnections connections)
{
    const string Members =
        """
        select m.device_id as deviceId, m.gateway_id as gatewayId, d.name as sn, m.model_key as modelKey, m.link_index as "index", m.is_on <> 0 as isOn,
          m.seen_at as seenAt, f.version as firmware
        from gateway_members m join devices d on d.id = m.device_id left join device_firmware f on f.device_id = m.device_id
        """;

    public static async ValueTask<IReadOnlyList<KnownMember>> LoadAsync(DbConnection db, IEnumerable<long> gatewayIds)
    {
        var ids = new IdList(gatewayIds);
        return ids.IsEmpty ? [] : await db.ListAsync<KnownMember>($"{Members} where m.gateway_id in {ids.Sql} order by d.name", ids.With());
    }

    /// <summary>
    /// Records all who are behind the gateway; those it had and does not name are off. Who is new in the registry becomes a device of
    /// the gateway's product; who was behind another gateway of it is behind this one.
    /// </summary>
    public async ValueTask<MembersTaken> SaveAsync(DbConnection db, long gatewayId, IReadOnlyList<GatewayMember> members, long now)
    {
        var gateway = await db.FirstAsync<GatewayRow>(
            "select d.product_id as productId, d.name as sn from devices d where d.id = @gatewayId", new { gatewayId });
        if (gateway is null)
            return new([], [.. members.Select(m => new RefusedMember(m.Sn, "its gateway is no longer a device"))], []);
        // it speaks for itself
        var spokenFor = await db.ListAsync<long>("delete from gateway_members where device_id = @gatewayId returning gateway_id", new { gatewayId });
        var left = spokenFor.Select(other => (other, gateway.Sn)).ToList();
        var (taken, refused) = (new HashSet<long>(), new List<RefusedMember>());
        // in one order everywhere, so that two gateways do not lock each other out
        foreach (var member in members.DistinctBy(m => m.Sn).OrderBy(m => m.Sn, StringComparer.Ordinal))
        {
            var (id, behind, reason) = await AdmitAsync(db, gateway, member, now);
            if (behind is { } before && before != gatewayId && reason is null)
                left.Add((before, member.Sn));
            if (reason is not null)
                refused.Add(new(member.Sn, reason));
            else if (taken.Add(id))
                await PutAsync(db, gatewayId, id, member, now);
        }
        // nobody has the row id 0
        var there = new IdList(taken.DefaultIfEmpty());
        await db.RunAsync(
            $"update gateway_members set is_on = 0, seen_at = @now where gateway_id = @gatewayId and is_on <> 0 and device_id not in {there.Sql}", there.With(new { gatewayId, now }));
        return new([.. (await LoadAsync(db, [gatewayId])).Where(m => taken.Contains(m.DeviceId))], refused, left);
    }

    /// <summary>Versions of devices of this product; who is not in the registry is passed over.</summary>
    public static async ValueTask FirmwareAsync(DbConnection db, long productId, IEnumerable<FirmwareSeen> seen, long now)
    {
        foreach (var device in seen.OrderBy(s => s.Sn, StringComparer.Ordinal))
        {
            await db.RunAsync(
                """
                insert into device_firmware (device_id, version, seen_at) select id, @Version, @now from devices where product_id = @productId and name = @Sn
                on conflict (device_id) do update set version = excluded.version, seen_at = excluded.seen_at
                """,
                new { productId, device.Sn, device.Version, now });
        }
    }

    /// <summary>By row id; who never said is not among them.</summary>
    public static async ValueTask<IReadOnlyDictionary<long, string>> FirmwareAsync(DbConnection db, IEnumerable<long> deviceIds)
    {
        var ids = new IdList(deviceIds);
        var rows = ids.IsEmpty ? [] : await db.ListAsync<FirmwareRow>($"select device_id as id, version from device_firmware where device_id in {ids.Sql}", ids.With());
        return rows.ToDictionary(r => r.Id, r => r.Version);
    }

    public async ValueTask<GatewayStanding> OfAsync(long deviceId, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var members = await LoadAsync(db, [deviceId]);
        var behind = await db.FirstAsync<BehindRow>(
            "select g.name, m.seen_at as seenAt from gateway_members m join devices g on g.id = m.gateway_id where m.device_id = @deviceId", new { deviceId });
        var firmware = await FirmwareAsync(db, [deviceId]);
        return new(members, behind?.Name, behind?.SeenAt, firmware.GetValueOrDefault(deviceId));
    }

    /// <summary>Its row id and that of the gateway it is behind so far, or why not.</summary>
    async ValueTask<(long Id, long? Behind, string? Reason)> AdmitAsync(DbConnection db, GatewayRow gateway, GatewayMember member, long now)
    {
        if (!RegistryNames.IsDevice(member.Sn))
            return (0, null, $"a serial number must be {RegistryNames.Device}");
        if (member.Sn == gateway.Sn)
            return (0, null, "it is the gateway itself");
        var known = await db.FirstAsync<KnownRow>(
            """
            select id, seen_at is not null as hasComeIn, exists (select 1 from gateway_members where gateway_id = devices.id) as hasMembers,
              (select gateway_id from gateway_members where device_id = devices.id) as behind
            from devices where product_id = @ProductId and name = @Sn
            """,
            new { gateway.ProductId, member.Sn });
        if (known is null)
            return await SerialNumbers.HolderAsync(db, gateway.ProductId, member.Sn) is null
                ? (await MakeAsync(db, gateway.ProductId, member.Sn, now), null, null)
                : (0, null, "it belongs to another product");
        if (known.HasMembers)
            return (0, null, "it is a gateway with members of its own");
        return known.HasComeIn || connections.Find(known.Id) is not null ? (0, null, "it has come in by itself, as a gateway does") : (known.Id, known.Behind, null);
    }

    /// <summary>With an id of its own and not of a lease, since a lease is a write: new members are rare.</summary>
    static async ValueTask<long> MakeAsync(DbConnection db, long product, string name, long now)
    {
        var id = await db.FirstAsync<long>("update sequences set next = next + 1 where name = 'id' returning next - 1");
        await db.RunAsync(
            $$"""
            insert into devices (id, product_id, name, sn, secret, tags, created_at, updated_at)
            values (@id, @product, @name, {{SerialNumbers.OfNew}}, @secret, '{}', @now, @now)
            """,
            new { id, product, name, secret = DeviceSecret.Make(), now });
        return id;
    }

    static async ValueTask PutAsync(DbConnection db, long gatewayId, long id, GatewayMember member, long now) => await db.RunAsync(
        """
        insert into gateway_members (device_id, gateway_id, model_key, link_index, is_on, seen_at) values (@id, @gatewayId, @ModelKey, @Index, @on, @now)
        on conflict (device_id) do update set gateway_id = excluded.gateway_id, model_key = excluded.model_key, link_index = excluded.link_index,
          is_on = excluded.is_on, seen_at = excluded.seen_at
        """,
        new { id, gatewayId, member.ModelKey, member.Index, on = member.IsOn ? 1 : 0, now });

    sealed class GatewayRow
    {
        public long ProductId { get; init; }
        public string Sn { get; init; } = "";
    }

    sealed class KnownRow
    {
        public long Id { get; init; }
        public bool HasComeIn { get; init; }
        public bool HasMembers { get; init; }
        public long? Behind { get; init; }
    }

    sealed class FirmwareRow
    {
        public long Id { get; init; }
        public string Version { get; init; } = "";
    }

    sealed class BehindRow
    {
        public string Name { get; init; } = "";
        public long SeenAt { get; init; }
    }
}
