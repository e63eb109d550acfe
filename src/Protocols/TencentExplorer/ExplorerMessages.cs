namespace Waybill.Protocols.TencentExplorer;

/// <summary>A message of a device, in the order of the conversation. <c>method</c> tells them apart on the wire.</summary>
public abstract record ExplorerUp;

/// <summary>A message of the platform.</summary>
public abstract record ExplorerDown;

/// <summary><c>report_version</c>: what the device holds.</summary>
/// <param name="Resources">At most <see cref="ExplorerUpReader.MaxResources"/>; empty also when no list was sent.</param>
/// <param name="Unread">How many entries of the list were no resources, or too many.</param>
public sealed record ReportVersion(IReadOnlyList<ExplorerResource> Resources, int Unread) : ExplorerUp
{
    /// <summary>Whether the device has lost its list and wants the platform's.</summary>
    public bool IsQuestion => Resources.Count == 0 && Unread == 0;
}

/// <summary><c>report_version_rsp</c>: always due.</summary>
/// <param name="ResultCode">Always 0: a C device with another one ignores everything until it has reported again.</param>
/// <param name="Resources">The list reported, or with an empty one all the platform knows.</param>
public sealed record ReportVersionResponse(int ResultCode, IReadOnlyList<ExplorerResource> Resources) : ExplorerDown;

/// <summary><c>update_resource</c>: fetch this.</summary>
/// <param name="Resource">Under which name and version.</param>
/// <param name="Url">Where to GET it.</param>
/// <param name="Md5">Digest of the content.</param>
/// <param name="Size">Bytes.</param>
public sealed record UpdateResource(ExplorerResource Resource, string Url, Md5Text Md5, long Size) : ExplorerDown;

/// <summary><c>report_progress</c> and <c>report_result</c>: how a fetch stands. Which of the two was sent means nothing.</summary>
/// <param name="Name">The resource.</param>
/// <param name="Version">Null when not sent.</param>
/// <param name="Progress">How far it is.</param>
public sealed record ReportUpdate(string Name, string? Version, ExplorerProgress Progress) : ExplorerUp;

/// <summary><c>request_url</c>: the device wants to upload.</summary>
/// <param name="Id">The answer repeats it to the letter.</param>
/// <param name="Name">The resource.</param>
/// <param name="Version">Null when not sent.</param>
/// <param name="Type">As <see cref="ExplorerResource.Type"/>.</param>
public sealed record RequestUrl(ExplorerRequestId Id, string Name, string? Version, string Type) : ExplorerUp;

/// <summary><c>request_url_resp</c>.</summary>
/// <param name="Id">As asked.</param>
/// <param name="Url">Where to PUT.</param>
/// <param name="Token">Names the upload from here on.</param>
public sealed record RequestUrlResponse(ExplorerRequestId Id, string Url, string Token) : ExplorerDown;

/// <summary><c>report_post_result</c>: how an upload ended.</summary>
/// <param name="Token">As answered.</param>
/// <param name="Progress">Final in all known devices.</param>
public sealed record ReportPostResult(string Token, ExplorerProgress Progress) : ExplorerUp;

/// <summary><c>del_resource</c>: delete this.</summary>
/// <param name="Resource">What to delete.</param>
public sealed record DeleteResource(ExplorerResource Resource) : ExplorerDown;

/// <summary><c>del_result</c>: how a deletion ended.</summary>
/// <param name="Name">The resource.</param>
/// <param name="Version">Null when not sent.</param>
/// <param name="Progress">Final in all known devices.</param>
public sealed record DeleteResult(string Name, string? Version, ExplorerProgress Progress) : ExplorerUp;
