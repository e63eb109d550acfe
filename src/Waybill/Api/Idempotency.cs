using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Waybill.Data;

namespace Waybill.Api;

/// <summary>Marks an operation whose answer carries a secret in this field: it is not kept for a repeat.</summary>
sealed record AnswersSecret(string Field = "secret");

/// <summary>
/// <c>Idempotency-Key</c> on POST: the same request with the same key gets the same answer and happens once. Refusals are not
/// kept: nothing happened, and the same key may try again.
/// </summary>
sealed class Idempotency(Database database, TimeProvider clock)
{
    const int LongestKey = 200;
    const int LongestBody = 1 << 20;
    static readonly TimeSpan s_kept = TimeSpan.FromHours(24);

    // requests with one key wait for each other
    readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    public async Task HandleAsync(HttpContext http, RequestDelegate next)
    {
        string? key = http.Request.Headers["Idempotency-Key"];
        if (key is null || !HttpMethods.IsPost(http.Request.Method))
        {
            await next(http);
            return;
        }
        new Mistakes()
            .Need("Idempotency-Key", key.Length is > 0 and <= LongestKey && key.All(c => c is > ' ' and <= '~'), $"1 to {LongestKey} printable ASCII characters")
            .ThrowIfAny();
        var turn = _turns[SHA256.HashData(Encoding.ASCII.GetBytes(key))[0] % _turns.Length];
        await turn.WaitAsync(http.RequestAborted);
        try
        {
            // one caller's keys are nothing to another
            await AnswerAsync(http, $"{http.Caller().Identity} {key}", next);
        }
        finally
        {
            turn.Release();
        }
    }

    async Task AnswerAsync(HttpContext http, string key, RequestDelegate next)
    {
        var request = await HashAsync(http);
        var since = clock.GetUtcNow().ToUnixTimeMilliseconds() - (long)s_kept.TotalMilliseconds;
        var kept = await database.FirstAsync<Kept>(
            "select request, status, answer from idempotency_keys where key = @key and created_at > @since", new { key, since }, http.RequestAborted);
        if (kept is null)
            await RunAsync(http, key, request, next);
        else if (kept.Request.AsSpan().SequenceEqual(request))
            await RepeatAsync(http, kept);
        else
            throw new RefusedException("idempotency_mismatch", "This Idempotency-Key was used with another request: take a new one.");
    }

    async Task RunAsync(HttpContext http, string key, byte[] request, RequestDelegate next)
    {
        var real = http.Response.Body;
        using var answer = new MemoryStream();
        http.Response.Body = answer;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = real;
        }
        if (http.Response.StatusCode < StatusCodes.Status400BadRequest)
            await KeepAsync(key, request, http.Response.StatusCode, Text(http, answer.ToArray()));
        http.Response.ContentLength = answer.Length;
        await real.WriteAsync(answer.GetBuffer().AsMemory(0, (int)answer.Length), http.RequestAborted);
    }

    async Task KeepAsync(string key, byte[] request, int status, string answer)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await database.WriteAsync(
            async db =>
            {
                await db.RunAsync("delete from idempotency_keys where created_at <= @before", new { before = now - (long)s_kept.TotalMilliseconds });
                return await db.RunAsync(
                    """
                    insert into idempotency_keys (key, request, status, answer, created_at) values (@key, @request, @status, @answer, @now)
                    on conflict (key) do nothing
                    """,
                    new { key, request, status, answer, now });
            },
            // what happened is to be remembered, also when the caller has left
            CancellationToken.None);
    }

    static string Text(HttpContext http, byte[] answer)
    {
        if (answer.Length == 0 || http.GetEndpoint()?.Metadata.GetMetadata<AnswersSecret>() is not { } secret)
            return Encoding.UTF8.GetString(answer);
        var json = JsonNode.Parse(answer)!.AsObject();
        json.Remove(secret.Field);
        return json.ToJsonString();
    }

    static async Task RepeatAsync(HttpContext http, Kept kept)
    {
        http.Response.StatusCode = (int)kept.Status;
        http.Response.Headers["Idempotency-Replayed"] = "true";
        if (kept.Answer.Length == 0)
            return;
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.WriteAsync(kept.Answer, http.RequestAborted);
    }

    /// <summary>Of method, address and body. The body can be read again afterwards.</summary>
    static async Task<byte[]> HashAsync(HttpContext http)
    {
        http.Request.EnableBuffering(LongestBody, LongestBody);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{http.Request.Path}{http.Request.QueryString}\n"));
        var buffer = new byte[16 << 10];
        int count;
        try
        {
            while ((count = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
                hash.AppendData(buffer, 0, count);
        }
        catch (IOException e) when (e is not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested)
        {
            throw new RefusedException("too_large", $"With an Idempotency-Key a body may be at most {LongestBody} bytes.");
        }
        http.Request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    sealed class Kept
    {
        public byte[] Request { get; init; } = [];
        public long Status { get; init; }
        public string Answer { get; init; } = "";
    }
}
