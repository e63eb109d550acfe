using System.Net;

namespace Waybill.Cli.Simulate;

/// <summary>A device's HTTP: slow where it is to be slow, and broken or wrong once where that was armed.</summary>
sealed class Radio(HttpMessageHandler inner, Uri? httpBase, long? rate) : DelegatingHandler(inner)
{
    RadioFault? _put;
    RadioFault? _get;

    /// <summary>The next upload or download meets this fault.</summary>
    public void Arm(bool upload, RadioFault fault) => Interlocked.Exchange(ref upload ? ref _put : ref _get, fault);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var fault = Interlocked.Exchange(ref request.Method == HttpMethod.Put ? ref _put : ref _get, null);
        if (fault is { IsSwallowed: true })
        {
            fault.Met(Faults.FalseDone);
            return new(HttpStatusCode.OK) { RequestMessage = request };
        }
        if (httpBase is not null)
            request.RequestUri = new Uri(httpBase, request.RequestUri!.PathAndQuery);
        if (request.Content is { } body)
            request.Content = new RadioContent(body, rate, fault);
        var response = await base.SendAsync(request, cancellationToken);
        if (request.Method == HttpMethod.Get && response.IsSuccessStatusCode)
        {
            // A file may come in many bodies
            if (response.Content.Headers.ContentLength is { } length && fault?.After(length) is { } later)
                Arm(upload: false, later);
            response.Content = await ReceivedAsync(response.Content, fault, cancellationToken);
        }
        return response;
    }

    async Task<HttpContent> ReceivedAsync(HttpContent content, RadioFault? fault, CancellationToken ct)
    {
        var received = new StreamContent(new RadioStream(await content.ReadAsStreamAsync(ct), rate, fault));
        foreach (var (name, values) in content.Headers)
            received.Headers.TryAddWithoutValidation(name, values);
        return received;
    }
}

/// <summary>What happens on the way, counted in bytes.</summary>
sealed record RadioFault
{
    public long? BreakAt { get; init; }

    public long? FlipAt { get; init; }

    /// <summary>Something on the way answers that all is well, and sends nothing on.</summary>
    public bool IsSwallowed { get; init; }

    /// <summary>Called when one of them happens.</summary>
    public required Action<Faults> Met { get; init; }

    /// <summary>What is still to happen when so many bytes have passed; null: nothing.</summary>
    public RadioFault? After(long bytes)
    {
        var (breakAt, flipAt) = (BreakAt - bytes, FlipAt - bytes);
        return breakAt > 0 || flipAt >= 0 ? this with { BreakAt = breakAt > 0 ? breakAt : null, FlipAt = flipAt >= 0 ? flipAt : null } : null;
    }
}

sealed class RadioContent : HttpContent
{
    readonly HttpContent _body;
    readonly long? _rate;
    readonly RadioFault? _fault;

    public RadioContent(HttpContent body, long? rate, RadioFault? fault)
    {
        (_body, _rate, _fault) = (body, rate, fault);
        foreach (var (name, values) in body.Headers)
            Headers.TryAddWithoutValidation(name, values);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Headers.ContentLength ?? 0;
        return _body.Headers.ContentLength is not null;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var radio = new RadioStream(stream, _rate, _fault);
        await _body.CopyToAsync(radio, context, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _body.Dispose();
        base.Dispose(disposing);
    }
}
