using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Waybill.Api.Tencent;

/// <summary>What an action answers; the fields are the vendor's.</summary>
abstract record ActionAnswer
{
    public string RequestId { get; init; } = "";
}

sealed record Done : ActionAnswer;

sealed record ErrorAnswer(TencentError Error) : ActionAnswer;

sealed record UploadUrlAnswer(string UploadUrl, string ResourceName) : ActionAnswer;

sealed record ResourceNameAnswer(string ResourceName) : ActionAnswer;

sealed record DownloadUrlAnswer(string DownloadUrl) : ActionAnswer;

sealed record AppResourceAnswer(AppResource Resource) : ActionAnswer;

/// <summary>Times are Unix seconds.</summary>
sealed record AppResource(string ProductId, string DeviceName, string ResourceName)
{
    public required string ResourceType { get; init; }
    public required string ResourceVer { get; init; }
    public required int Status { get; init; }
    public required long CreateTime { get; init; }
    public required long UpdateTime { get; init; }
}

[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(UploadUrlAnswer))]
[JsonSerializable(typeof(ResourceNameAnswer))]
[JsonSerializable(typeof(DownloadUrlAnswer))]
[JsonSerializable(typeof(AppResourceAnswer))]
[JsonSerializable(typeof(DeviceResourcesAnswer))]
[JsonSerializable(typeof(DeviceResourceAnswer))]
[JsonSerializable(typeof(UrlAnswer))]
[JsonSerializable(typeof(ProductResourcesAnswer))]
[JsonSerializable(typeof(ProductResourceAnswer))]
[JsonSerializable(typeof(TaskFileAnswer))]
[JsonSerializable(typeof(UseAnswer))]
[JsonSerializable(typeof(TasksAnswer))]
[JsonSerializable(typeof(StatisticsAnswer))]
sealed partial class TencentJson : JsonSerializerContext
{
    public static TencentJson Wire { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
