using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Waybill.Cli.Bench;

/// <summary>Follows events and notes how old each one is when it comes.</summary>
sealed class BenchListener
{
    readonly PipeReader _lines;
    volatile List<double> _delays = [];
    long _heard;

    BenchListener(Stream body) => _lines = PipeReader.Create(body);

    /// <summary>Milliseconds, since <see cref="Begin"/>.</summary>
    public IReadOnlyList<double> Delays => _delays;

    /// <summary>Events since it follows.</summary>
    public long Heard => Interlocked.Read(ref _heard);

    static ReadOnlySpan<byte> Event => "data: "u8;

    /// <summary>Comes back when what happens from now on will come.</summary>
    public static async Task<BenchListener> OpenAsync(HttpClient http, string query, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/events?{query}");
        request.Headers.Accept.Add(new("text/event-stream"));
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        answer.EnsureSuccessStatusCode();
        return new(await answer.Content.ReadAsStreamAsync(ct));
    }

    /// <summary>Forgets the delays so far.</summary>
    public void Begin() => _delays = [];

    public async Task HearAsync(CancellationToken ct)
    {
        try
        {
            while (await _lines.ReadAsync(ct) is { IsCompleted: false } read)
                _lines.AdvanceTo(Take(read.Buffer), read.Buffer.End);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // the measurement is over
        }
        await _lines.CompleteAsync();
    }

    /// <summary>Takes the whole lines.</summary>
    SequencePosition Take(ReadOnlySequence<byte> read)
    {
        var now = DateTime.UtcNow;
        var lines = new SequenceReader<byte>(read);
        while (lines.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            if (line.Length <= Event.Length || !line.Slice(0, Event.Length).ToArray().AsSpan().SequenceEqual(Event))
                continue;
            using var told = JsonDocument.Parse(line.Slice(Event.Length));
            _delays.Add((now - told.RootElement.GetProperty("at").GetDateTime()).TotalMilliseconds);
            Interlocked.Increment(ref _heard);
        }
        return lines.Position;
    }
}
