using System.Globalization;

namespace Waybill.Api.Tencent;

sealed record DeviceResourcesAnswer(int TotalCount, IReadOnlyList<DeviceResourceInfo> Result) : ActionAnswer;

sealed record DeviceResourceAnswer(DeviceResourceInfo Result) : ActionAnswer;

/// <summary>What a device uploaded, or is uploading.</summary>
sealed record DeviceResourceInfo(string ProductID, string ProductName, string DeviceName, string Name)
{
    public required string Md5 { get; init; }
    public required long Size { get; init; }
    public required string UpdateTime { get; init; }
    public required int Status { get; init; }
    public required int Percent { get; init; }
}

sealed record UrlAnswer(string Url) : ActionAnswer;

sealed record ProductResourcesAnswer(long TotalCount, IReadOnlyList<ProductResourceInfo> Result) : ActionAnswer;

sealed record ProductResourceAnswer(ProductResourceInfo Result) : ActionAnswer;

/// <summary>The newest version of a file in a product's library; Description says which.</summary>
sealed record ProductResourceInfo(string ProductID, string ProductName, string Name)
{
    public required string Md5 { get; init; }
    public required long Size { get; init; }
    public required string Description { get; init; }
    public required string CreateTime { get; init; }
}

sealed record TaskFileAnswer(string Url, string FileName) : ActionAnswer;

sealed record UseAnswer(long UsedSize, long Limit) : ActionAnswer;

sealed record TasksAnswer(int Total, IReadOnlyList<TaskInfo> TaskInfos) : ActionAnswer;

/// <summary>One transfer. Type 1: sent to a device, 2: removed from it. CreateTime is in Unix seconds.</summary>
sealed record TaskInfo(long TaskId, int Status, int Type, long CreateTime);

sealed record StatisticsAnswer(int SuccessTotal, int FailureTotal, int UpgradingTotal) : ActionAnswer;

/// <summary>Times of the cloud API: <c>2021-04-08 09:30:00</c>, here in UTC.</summary>
static class CloudTimes
{
    const string Form = "yyyy-MM-dd HH:mm:ss";

    public static string Of(long milliseconds) => Times.Utc(milliseconds).ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>In Unix milliseconds; null when absent.</summary>
    public static long? Maybe(ActionParameters parameters, string name)
    {
        if (parameters.MaybeText(name) is not { } text)
            return null;
        return DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUnixTimeMilliseconds()
            : throw ActionParameters.Invalid(name, $"like 2021-04-08 09:30:00, in UTC");
    }
}
