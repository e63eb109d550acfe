using Waybill.Devices;

namespace Waybill.Api.Tencent;

/// <summary><c>POST /</c>: where Tencent's cloud SDKs call, whatever the action. That is in a header, as is who calls.</summary>
sealed class CloudDoor(TencentDoor door, Tc3Callers callers, CallerUrlBase urls, CloudActions actions)
{
    const string Action = "X-TC-Action";
    static readonly string[] s_versions = ["2018-06-14", "2021-04-08"];

    public Task HandleAsync(HttpContext http)
    {
        if (http.Request.Headers.ContainsKey(Action))
            return door.HandleAsync(http, AnswerAsync);
        http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        http.Response.Headers.Allow = "GET";
        return Task.CompletedTask;
    }

    async Task<ActionAnswer> AnswerAsync(Exchange exchange, CancellationToken ct)
    {
        var (caller, body) = await callers.AdmitAsync(exchange.Http, ct);
        var action = actions.Table.Find(Header(exchange.Http, Action));
        if (!s_versions.Contains(Header(exchange.Http, "X-TC-Version")))
            throw new RefusedException("NoSuchVersion", $"X-TC-Version must be one of {string.Join(", ", s_versions)}.");
        using var json = JsonBody.Parse(body);
        return await action.RunForAsync(new(caller, new(json.RootElement), urls.Of(exchange.Http)), ct);
    }

    static string Header(HttpContext http, string name) => http.Request.Headers[name] is [{ Length: > 0 } value]
        ? value
        : throw new RefusedException("MissingParameter", $"The header {name} is missing.");
}

/// <summary>What a program can ask for.</summary>
sealed class CloudActions(CloudDeviceResources devices, CloudProductResources products, CloudTasks tasks)
{
    public ActionTable Table { get; } = new([
        ("DescribeDeviceResources", new(Actions.TransfersRead, devices.ListAsync)),
        ("DescribeDeviceResource", new(Actions.TransfersRead, devices.DescribeAsync)),
        ("DownloadDeviceResource", new(Actions.ContentRead, devices.DownloadAsync)),
        ("DeleteDeviceResource", new(Actions.TransfersWrite, devices.DeleteAsync)),
        ("DescribeProductResources", new(Actions.LibraryRead, products.ListAsync)),
        ("DescribeProductResource", new(Actions.LibraryRead, products.DescribeAsync)),
        ("CreateTaskFileUrl", new(Actions.LibraryWrite, products.OpenAsync)),
        ("GetUserResourceInfo", new(Actions.LibraryRead, products.UseAsync)),
        ("DescribeResourceTasks", new(Actions.TransfersRead, tasks.ListAsync)),
        ("DescribePushResourceTaskStatistics", new(Actions.TransfersRead, tasks.CountAsync)),
    ]);
}
