using Waybill.Objects;
using Waybill.Tracing;

namespace Waybill.Transfers;

/// <summary><c>/o/{token}</c>: the bytes of transfers, for devices.</summary>
sealed class DeviceBytes(
    DeviceUrlGrants grants, ObjectSender sender, UploadReception reception, ByteFlows flows, ServedBytes servedBytes, ByteDoor door)
{
    public Task HandleAsync(HttpContext http, string token) => http.Traced() is { } traced
        ? TracedAsync(http, token, traced)
        : door.HandleAsync(http, () => AnswerAsync(http, token));

    /// <summary>Whose URL it is, is found out before it is refused.</summary>
    Task TracedAsync(HttpContext http, string token, TracedRequest traced) => door.HandleAsync(http, async () =>
    {
        if (await grants.OwnerAsync(token, http.RequestAborted) is { } device)
            traced.IsOf(device);
        await AnswerAsync(http, token);
    });

    Task AnswerAsync(HttpContext http, string token) => http.Request.Method switch
    {
        "PUT" or "POST" => ReceiveAsync(http, token),
        "GET" or "HEAD" => SendAsync(http, token),
        _ => throw ByteDoor.NotFound("no such method"),
    };

    async Task ReceiveAsync(HttpContext http, string token)
    {
        var ct = http.RequestAborted;
        var md5 = AnnouncedMd5.Of(http.Request);
        var transfer = await grants.UploadAsync(token, http.Request.ContentLength, md5, ct);
        using var flow = flows.Begin(transfer);
        await reception.ReceiveAsync(transfer, http.Request, md5);
        ByteDoor.Stored(http.Response);
    }

    async Task SendAsync(HttpContext http, string token)
    {
        var transfer = await grants.DownloadAsync(token, http.RequestAborted);
        using var flow = flows.Begin(transfer);
        var served = new RangeSet();
        try
        {
            await sender.SendAsync(http, new ObjectContent(transfer.Sha256!.Value, transfer.Md5!.Value, transfer.Size, transfer.Name), served.Add);
        }
        finally
        {
            if (!served.IsEmpty && transfer.IsOpen)
                servedBytes.Note(transfer.Id, transfer.Size, served);
        }
    }
}
