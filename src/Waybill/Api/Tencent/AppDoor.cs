using Waybill.Devices;

namespace Waybill.Api.Tencent;

/// <summary><c>POST /tencent/tokenapi</c>: what apps on phones call. The token is in the body, and so is the action.</summary>
sealed class AppDoor(TencentDoor door, AppTokens tokens, Callers callers, CallerUrlBase urls, AppActions actions)
{
    public const string Path = "/tencent/tokenapi";

    public Task HandleAsync(HttpContext http) => door.HandleAsync(http, AnswerAsync);

    async Task<ActionAnswer> AnswerAsync(Exchange exchange, CancellationToken ct)
    {
        using var json = JsonBody.Parse(await JsonBody.BytesAsync(exchange.Http));
        var parameters = new ActionParameters(json.RootElement);
        exchange.Name(parameters.MaybeText("RequestId"));
        var action = actions.Table.Find(parameters.Text("Action"));
        var token = tokens.Read(parameters.MaybeText("AccessToken") ?? "")
            ?? throw new RefusedException("InvalidParameterValue.InvalidAccessToken", "AccessToken must be an app token.");
        var caller = await callers.AdmitAsync(token, ct);
        return await action.RunForAsync(new(caller, parameters, urls.Of(exchange.Http), token), ct);
    }
}

/// <summary>What an app can ask for.</summary>
sealed class AppActions(AppUploads uploads, AppResources resources)
{
    public ActionTable Table { get; } = new([
        ("AppGetResourceUploadURL", new(Actions.FilesWrite, uploads.OpenAsync)),
        ("AppCreateProductResource", new(Actions.FilesWrite, uploads.CreateAsync)),
        ("AppControlDeviceResource", new(Actions.TransfersWrite, resources.ControlAsync)),
        ("AppDescribeDeviceResource", new(Actions.TransfersRead, resources.DescribeAsync)),
        ("AppGetResourceDownloadUrl", new(Actions.ContentRead, resources.DownloadAsync)),
    ]);
}
