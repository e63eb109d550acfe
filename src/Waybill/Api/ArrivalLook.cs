using System.Collections.Concurrent;
using System.Net;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Waybill.Link;

namespace Waybill.Api;

/// <summary>How far a dock has come.</summary>
sealed record ArrivalAnswer(bool Done, IReadOnlyList<ArrivalStepAnswer> Steps);

/// <param name="Step">Its name.</param>
/// <param name="Done">Whether it is behind us.</param>
/// <param name="At">When it was last seen; null: not since this server started.</param>
/// <param name="Cause">Of a step that is not done: the likely one.</param>
/// <param name="Remedy">What to do about it.</param>
sealed record ArrivalStepAnswer(string Step, bool Done, DateTime? At, string? Cause, string? Remedy);

/// <summary>What is known of a dock while somebody waits for it. What a later step shows is not asked for again.</summary>
sealed class ArrivalLook(GatewayArrivals arrivals, DeviceConnections connections, Database database, ProductCheck check, TimeProvider clock)
{
    static readonly TimeSpan s_storageSeen = TimeSpan.FromSeconds(10);

    /// <summary>Osd comes every other second.</summary>
    static readonly TimeSpan s_osdSeen = TimeSpan.FromSeconds(15);

    // few: products times the hosts by which they are reached
    readonly ConcurrentDictionary<(long Product, string Host, bool IsHere), (long At, IReadOnlyList<CheckedThing> Found)> _storage = [];

    public async Task<ArrivalAnswer> OfAsync(Product product, Devices.Device device, string host, CancellationToken ct)
    {
        var connection = connections.Find(device.Id) is { IsOpen: true } open ? open : null;
        var seen = new ArrivalSeen(product, device.Name, connection, arrivals)
        {
            Licence = check.Licence(product),
            IsBound = await database.FirstAsync<string>("select sn from bindings where product_id = @Product and sn = @Name", new { Product = product.Id, device.Name }, ct) is not null,
            HasMembers = await database.FirstAsync<long>("select count(*) from gateway_members where gateway_id = @Id", new { device.Id }, ct) > 0,
            IsFresh = arrivals.Of(device.Name, ArrivalStep.Osd) is { } osd && clock.GetUtcNow().ToUnixTimeMilliseconds() - osd.At < s_osdSeen.TotalMilliseconds,
        };
        List<ArrivalStepAnswer> steps = [.. seen.Steps()];
        // what comes after the step that hangs has no cause of its own
        var hanging = steps.FindIndex(s => !s.Done);
        for (var i = hanging + 1; hanging >= 0 && i < steps.Count; i++)
            steps[i] = steps[i] with { Cause = null, Remedy = null };
        steps.Add(await StorageAsync(product, connection, host, ct));
        return new(steps.TrueForAll(s => s.Done), steps);
    }

    async Task<ArrivalStepAnswer> StorageAsync(Product product, DeviceConnection? connection, string host, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var isHere = connection?.Address is IPEndPoint { Address: var from } && IPAddress.IsLoopback(from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from);
        var place = (product.Id, connection is null ? host : new Uri(connection.UrlBase).Host, isHere);
        if (!_storage.TryGetValue(place, out var last) || now - last.At > s_storageSeen.TotalMilliseconds)
            _storage[place] = last = (now, await check.StorageAsync(product, place.Item2, isHere, ct));
        var wrong = last.Found.FirstOrDefault(c => !c.Ok);
        return new(ArrivalSeen.Word(ArrivalStep.Storage), wrong is null, Times.Utc(last.At), wrong?.Cause, wrong?.Remedy);
    }
}
