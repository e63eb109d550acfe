using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Waybill.Tests.S3;

/// <summary>STS of Alibaba Cloud as its API reference (2015-04-01) describes it: one user, one role, AssumeRole, signatures of version 1.0. In the
/// order of the reference: the key, the signature, the time, the nonce, then the parameters.</summary>
sealed class AliSts : IAsyncDisposable
{
    public const string AccessKey = "LTAI5tStandIn";
    public const string Secret = "stand-in-secret-0123456789";
    public const string Role = "acs:ram::1234567890123456:role/dock-upload";

    readonly WebApplication _app;
    readonly HashSet<string> _nonces = [];

    AliSts()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Url => _app.Urls.First();

    /// <summary>Of the last call that was granted.</summary>
    public IReadOnlyDictionary<string, string> Granted { get; private set; } = new Dictionary<string, string>();

    /// <summary>Answers this instead; an empty body: nothing until the other side hangs up.</summary>
    public (HttpStatusCode Status, string Body)? Instead { get; set; }

    public static async Task<AliSts> StartAsync()
    {
        var sts = new AliSts();
        await sts._app.StartAsync(House.Soon);
        return sts;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task AnswerAsync(HttpContext http)
    {
        if (Instead is { Body: "" })
        {
            var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var hangUp = http.RequestAborted.Register(gone.SetResult);
            await gone.Task.WaitAsync(House.Soon);
            return;
        }
        var form = await http.Request.ReadFormAsync(House.Soon);
        var given = form.Concat<KeyValuePair<string, StringValues>>(http.Request.Query).ToDictionary(p => p.Key, p => p.Value.ToString(), StringComparer.Ordinal);
        var (status, body) = Instead ?? Judge(http.Request.Method, given);
        http.Response.StatusCode = (int)status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body, House.Soon);
    }

    (HttpStatusCode Status, string Body) Judge(string method, Dictionary<string, string> given)
    {
        string Of(string name) => given.GetValueOrDefault(name, "");
        if (Of("Action") != "AssumeRole" || Of("Version") != "2015-04-01" || Of("Format") != "JSON")
            return No(HttpStatusCode.NotFound, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.");
        if (Of("AccessKeyId") != AccessKey)
            return No(HttpStatusCode.NotFound, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
        if (Of("SignatureMethod") != "HMAC-SHA1" || Of("SignatureVersion") != "1.0" || Of("Signature") != Sign(method, given))
            return No(HttpStatusCode.BadRequest, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation.");
        if (!DateTime.TryParseExact(Of("Timestamp"), "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var at)
            || (DateTime.UtcNow - at).Duration() > TimeSpan.FromMinutes(15))
            return No(HttpStatusCode.BadRequest, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
        if (Of("SignatureNonce").Length == 0 || !_nonces.Add(Of("SignatureNonce")))
            return No(HttpStatusCode.BadRequest, "SignatureNonceUsed", "Specified signature nonce was used already.");
        if (Of("RoleArn") != Role)
            return No(HttpStatusCode.NotFound, "EntityNotExist.Role", $"The role not exists: {Of("RoleArn")}.");
        if (Of("RoleSessionName") is not { Length: >= 2 and <= 32 } session || !session.All(c => char.IsAsciiLetterOrDigit(c) || ".@-_".Contains(c, StringComparison.Ordinal)))
            return No(HttpStatusCode.BadRequest, "InvalidParameter.RoleSessionName", "The parameter RoleSessionName is wrongly formed.");
        if (!int.TryParse(Of("DurationSeconds"), out var seconds) || seconds is < 900 or > 3600)
            return No(HttpStatusCode.BadRequest, "InvalidParameter.DurationSeconds", "The Min/Max value of DurationSeconds is 15min/1hr.");
        if (Of("Policy").Length is 0 or > 2048)
            return No(HttpStatusCode.BadRequest, "InvalidParameter.PolicyGrammar", "The parameter Policy has not passed grammar check.");
        Granted = given;
        var ends = DateTime.UtcNow.AddSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return (HttpStatusCode.OK, $$"""
            {"RequestId":"964E0EC5-575B-4FF5-8FD0-D4BD8025602A",
             "AssumedRoleUser":{"Arn":"acs:ram::1234567890123456:role/dock-upload/{{session}}","AssumedRoleId":"33157794895460****:{{session}}"},
             "Credentials":{"SecurityToken":"token-of-{{session}}","AccessKeyId":"STS.L4aBSCSJVMuKg5U1****","AccessKeySecret":"secret-of-session","Expiration":"{{ends}}"} }
            """);
    }

    static (HttpStatusCode Status, string Body) No(HttpStatusCode status, string code, string message) => (status, JsonSerializer.Serialize(new
    {
        RequestId = "9B5A4C3D-0001",
        HostId = "sts.aliyuncs.com",
        Code = code,
        Message = message,
        Recommend = "https://api.alibabacloud.com/troubleshoot",
    }));

    /// <summary>By the letter of the reference, without the code under test.</summary>
    static string Sign(string method, Dictionary<string, string> given)
    {
        var sorted = new SortedDictionary<string, string>(given, StringComparer.Ordinal);
        sorted.Remove("Signature");
        var query = new StringBuilder();
        foreach (var (name, value) in sorted)
            query.Append(query.Length == 0 ? "" : "&").Append(Encoded(name)).Append('=').Append(Encoded(value));
        using var hmac = new HMACSHA1(Encoding.UTF8.GetBytes(Secret + "&"));
        return Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes($"{method}&%2F&{Encoded(query.ToString())}")));
    }

    static string Encoded(string text)
    {
        var all = new StringBuilder();
        foreach (var one in Encoding.UTF8.GetBytes(text))
        {
            if (one < 128 && (char.IsAsciiLetterOrDigit((char)one) || (char)one is '-' or '_' or '.' or '~'))
                all.Append((char)one);
            else
                all.Append(CultureInfo.InvariantCulture, $"%{one:X2}");
        }
        return all.ToString();
    }
}
