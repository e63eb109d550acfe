using System.Buffers;
using System.Net;
using System.Text;
using Waybill.Devices;
using Waybill.Protocols.TencentRegistration;
using Waybill.Tracing;

namespace Waybill.Dialects.TencentRegistration;

/// <summary>
/// <c>/register/dev</c> and <c>/device/register</c>: a device asks for its secret with its product's. Answers are HTTP 200 in the form
/// in which it asked, refusals too (tencent-registration quirk R13).
/// </summary>
sealed partial class RegistrationDoor(
    ProductSecrets secrets, DeviceRegistration registration, RegistrationLimits limits, RegistrationMeter meter, ILogger<RegistrationDoor> logger)
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public async Task HandleAsync(HttpContext http, RegistrationForm form)
    {
        var asked = new Asked(form, http.Connection.RemoteIpAddress);
        string answer;
        try
        {
            answer = await IssueAsync(http, asked);
        }
        catch (RefusedException refusal)
        {
            answer = Refuse(asked, refusal);
        }
        catch (Exception e) when (e is OperationCanceledException or BadHttpRequestException || http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
            return;
        }
        catch (Exception e)
        {
            LogFailed(logger, e, asked.Names);
            answer = RegistrationAnswer.Refused(form, RegistrationRefusal.Failure, asked.Id);
        }
        await WriteAsync(http, answer);
    }

    async Task<string> IssueAsync(HttpContext http, Asked asked)
    {
        limits.Request(asked.Address);
        var request = await ReadAsync(http, asked);
        limits.Signature(asked.Address, request.Product);
        var product = await ProveAsync(request, asked, http.RequestAborted);
        limits.Proven(product.Id);
        // once begun it is finished: a device that left asks again and gets the same
        var issued = await registration.IssueAsync(product, request.Device, CancellationToken.None);
        meter.Issued(issued.Made);
        LogIssued(logger, asked.Names, asked.Address, issued.Made ? "made, and " : "", asked.Id);
        return RegistrationAnswer.Issued(asked.Form, RegistrationPayload.Encrypt(issued.Secret, product.Secret), asked.Id);
    }

    async ValueTask<ProvenProduct> ProveAsync(RegistrationRequest request, Asked asked, CancellationToken ct)
    {
        try
        {
            return await secrets.ProveAsync(request, ct);
        }
        catch (RefusedException)
        {
            limits.Wrong(asked.Address, request.Product);
            throw;
        }
    }

    static async Task<RegistrationRequest> ReadAsync(HttpContext http, Asked asked)
    {
        var body = await BodyAsync(http);
        var request = asked.Form == RegistrationForm.Parameters
            ? RegistrationReader.ReadParameters(body, out var fault)
            : RegistrationReader.ReadHeaders(body, Headers(http.Request.Headers), out fault);
        if (request is null)
            throw new RefusedException("request_invalid", fault!);
        if (!RegistryNames.IsProduct(request.Product, ["tencent-hub"]) || !RegistryNames.IsDevice(request.Device))
            throw new RefusedException("request_invalid", "these are no names of a product and a device");
        asked.Names = $"{request.Product}/{request.Device}";
        http.Traced()?.IsOf(request.Product, request.Device);
        return request;
    }

    static async Task<byte[]> BodyAsync(HttpContext http)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        patience.CancelAfter(s_patience);
        var reader = http.Request.BodyReader;
        var read = await reader.ReadAtLeastAsync(RegistrationReader.MaxBody + 1, patience.Token);
        var body = read.Buffer.Length <= RegistrationReader.MaxBody ? read.Buffer.ToArray() : null;
        reader.AdvanceTo(read.Buffer.End);
        return body ?? throw new RefusedException("request_invalid", "the body is too long");
    }

    static RegistrationHeaders Headers(IHeaderDictionary headers) =>
        new(headers.Host, headers["X-TC-Algorithm"], headers["X-TC-Timestamp"], headers["X-TC-Nonce"], headers["X-TC-Signature"]);

    string Refuse(Asked asked, RefusedException refusal)
    {
        meter.Refused(refusal.Code);
        if (refusal.Code == "too_many")
            LogTooMany(logger, asked.Names, asked.Address, refusal.Message);
        else
            LogRefused(logger, asked.Names, asked.Address, refusal.Message, asked.Id);
        return RegistrationAnswer.Refused(asked.Form, Refusal(refusal.Code), asked.Id);
    }

    static RegistrationRefusal Refusal(string code) => code switch
    {
        "request_invalid" => RegistrationRefusal.Request,
        "signature_wrong" => RegistrationRefusal.Signature,
        "registration_off" => RegistrationRefusal.Off,
        "device_not_found" => RegistrationRefusal.UnknownDevice,
        "device_disabled" => RegistrationRefusal.Disabled,
        "registration_closed" => RegistrationRefusal.Closed,
        "registration_limit" => RegistrationRefusal.Limit,
        "too_many" => RegistrationRefusal.TooMany,
        _ => RegistrationRefusal.Failure,
    };

    static async Task WriteAsync(HttpContext http, string answer)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Encoding.ASCII.GetByteCount(answer);
        http.Response.Headers.Connection = "close";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync(answer, http.RequestAborted);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Device} from {Address} was {Made}given its secret ({RequestId})")]
    static partial void LogIssued(ILogger logger, string device, IPAddress? address, string made, string requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Registration of {Device} from {Address} refused: {Reason} ({RequestId})")]
    static partial void LogRefused(ILogger logger, string device, IPAddress? address, string reason, string requestId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Registration of {Device} from {Address} not looked at: {Reason}")]
    static partial void LogTooMany(ILogger logger, string device, IPAddress? address, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Registration of {Device} failed here; it may ask again")]
    static partial void LogFailed(ILogger logger, Exception e, string device);

    /// <summary>What is known of a request for the log: names once they are names.</summary>
    sealed class Asked(RegistrationForm form, IPAddress? address)
    {
        public RegistrationForm Form => form;

        public IPAddress? Address => address;

        public string Id { get; } = Guid.NewGuid().ToString();

        public string Names { get; set; } = "somebody";
    }
}
