namespace Waybill.Protocols.TencentHub;

/// <summary>A message of a device, in the order of the conversation. <c>type</c> tells them apart on the wire.</summary>
public abstract record HubUp;

/// <summary>A message of the platform.</summary>
public abstract record HubDown;

/// <summary><c>create_upload_task</c>: the device wants to upload.</summary>
/// <param name="Resource">What it announces; the answer repeats it to the letter.</param>
public sealed record CreateUploadTask(HubResource Resource) : HubUp;

/// <summary><c>create_upload_task_rsp</c>.</summary>
/// <param name="Resource">As announced.</param>
/// <param name="Url">Where to PUT.</param>
public sealed record CreateUploadTaskResponse(HubResource Resource, string Url) : HubDown;

/// <summary><c>report_upload_progress</c>, running and final alike.</summary>
/// <param name="Name">The resource.</param>
/// <param name="Progress">How far it is; final when its state is done or fail.</param>
public sealed record ReportUploadProgress(string Name, HubProgress Progress) : HubUp;

/// <summary><c>report_upload_progress_rsp</c>: always due; another code than 0 aborts the transfer on the device.</summary>
/// <param name="ResultCode">0, or not 0 to cancel.</param>
/// <param name="ResultMsg">Exactly <c>ok</c> with 0.</param>
public sealed record ReportUploadProgressResponse(int ResultCode, string ResultMsg) : HubDown;

/// <summary><c>get_download_task</c>: the device asks what there is for it.</summary>
public sealed record GetDownloadTask : HubUp;

/// <summary><c>get_download_task_rsp</c>: sent only when there is something.</summary>
/// <param name="Resource">What to fetch.</param>
/// <param name="Url">Where to GET it.</param>
public sealed record GetDownloadTaskResponse(HubResource Resource, string Url) : HubDown;

/// <summary><c>download</c>: the same, unasked.</summary>
/// <param name="Resource">What to fetch.</param>
/// <param name="Url">Where to GET it.</param>
public sealed record Download(HubResource Resource, string Url) : HubDown;

/// <summary><c>report_download_progress</c>, running and final alike.</summary>
/// <param name="Name">The resource.</param>
/// <param name="Progress">How far it is; final when its state is done or fail.</param>
public sealed record ReportDownloadProgress(string Name, HubProgress Progress) : HubUp;

/// <summary><c>report_download_progress_rsp</c>: always due; another code than 0 aborts the transfer on the device.</summary>
/// <param name="ResultCode">0, or not 0 to cancel.</param>
/// <param name="ResultMsg">Exactly <c>ok</c> with 0.</param>
public sealed record ReportDownloadProgressResponse(int ResultCode, string ResultMsg) : HubDown;
