namespace Waybill.Tracing;

/// <summary>A request that came while somebody traces. Whose it is, its handler finds out; where it says nothing, nobody is told of it.</summary>
sealed class TracedRequest(HttpContext http, Traces traces)
{
    readonly long _begun = traces.Clock.GetTimestamp();
    TracedDevice? _device;

    public void IsOf(long deviceId) => _device = traces.Find(deviceId);

    public void IsOf(string product, string device) => _device = traces.Find(product, device);

    /// <param name="sent">Counts the answer.</param>
    /// <param name="received">Counts the body.</param>
    public void Tell(CountedAnswer sent, CountedBody received)
    {
        if (_device is not { } device)
            return;
        var request = http.Request;
        var brokeOff = http.RequestAborted.IsCancellationRequested;
        device.Say(device.Line(TraceSide.In, "HTTP") with
        {
            Method = request.Method,
            Path = PacketLines.Cut(Redaction.Path(request.Path.Value ?? ""), 512) + Redaction.Query(request.Query.Keys.Take(16)),
            Range = request.Headers.Range.ToString() is { Length: > 0 } range ? PacketLines.Cut(range, 128) : null,
            Status = brokeOff && !http.Response.HasStarted ? null : http.Response.StatusCode,
            BytesIn = received.Bytes,
            BytesOut = sent.Bytes,
            Milliseconds = (long)traces.Clock.GetElapsedTime(_begun).TotalMilliseconds,
            BrokeOff = brokeOff ? true : null,
            Address = http.Connection.RemoteIpAddress?.ToString(),
        });
    }
}
