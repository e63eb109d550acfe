using System.Globalization;

namespace Waybill.Protocols.TencentRegistration;

/// <summary>
/// What a device reads: compact JSON of less than <see cref="MaxLength"/> bytes, in the form in which it asked, under HTTP 200 (R11, R13).
/// </summary>
public static class RegistrationAnswer
{
    /// <summary>The C SDKs read the answer into a buffer of this many bytes and want a zero behind it.</summary>
    public const int MaxLength = 256;

    /// <summary>The device's secret.</summary>
    /// <param name="form">How it asked.</param>
    /// <param name="payload">Its secret, encrypted.</param>
    /// <param name="requestId">For the device's log: letters, digits and hyphens.</param>
    public static string Issued(RegistrationForm form, RegistrationPayload payload, string requestId)
    {
        var length = payload.Length.ToString(CultureInfo.InvariantCulture);
        return form == RegistrationForm.Parameters
            ? $$"""{"code":0,"message":"","len":{{length}},"payload":"{{payload.Base64}}","requestId":"{{requestId}}"}"""
            : $$$"""{"Response":{"Len":{{{length}}},"Payload":"{{{payload.Base64}}}","RequestId":"{{{requestId}}}"}}""";
    }

    /// <summary>A "no".</summary>
    /// <param name="form">How it asked.</param>
    /// <param name="refusal">Why not.</param>
    /// <param name="requestId">For the device's log: letters, digits and hyphens.</param>
    public static string Refused(RegistrationForm form, RegistrationRefusal refusal, string requestId)
    {
        var (code, name, text) = Words(refusal);
        return form == RegistrationForm.Parameters
            ? string.Create(CultureInfo.InvariantCulture, $$"""{"code":{{code}},"message":"{{text}}","requestId":"{{requestId}}"}""")
            : $$$"""{"Response":{"Error":{"Code":"{{{name}}}","Message":"{{{text}}}"},"RequestId":"{{{requestId}}}"}}""";
    }

    static (int Code, string Name, string Text) Words(RegistrationRefusal refusal) => refusal switch
    {
        RegistrationRefusal.Signature => (1010, "AuthFailure.SignatureFailure", "Check signature failed"),
        RegistrationRefusal.Request => (1001, "InvalidParameterValue", "Invalid parameter"),
        RegistrationRefusal.Off => (1011, "UnsupportedOperation", "Dynamic registration is off"),
        RegistrationRefusal.UnknownDevice => (1012, "ResourceNotFound.DeviceNotExist", "Device does not exist"),
        RegistrationRefusal.Disabled => (1013, "FailedOperation.DeviceIsDisabled", "Device is disabled"),
        RegistrationRefusal.Closed => (1014, "FailedOperation.DeviceAlreadyActivated", "Device is already activated"),
        RegistrationRefusal.Limit => (1015, "LimitExceeded", "Device limit reached"),
        RegistrationRefusal.TooMany => (1016, "RequestLimitExceeded", "Too many requests"),
        _ => (1099, "InternalError", "Internal error"),
    };
}

/// <summary>Why a device gets no secret.</summary>
public enum RegistrationRefusal
{
    /// <summary>The server failed; asking again may help.</summary>
    Failure,

    /// <summary>The request cannot be read.</summary>
    Request,

    /// <summary>Not signed with the product's secret; also an unknown product, which a stranger is not told.</summary>
    Signature,

    /// <summary>The product does not register devices.</summary>
    Off,

    /// <summary>The device is not registered and may not register itself.</summary>
    UnknownDevice,

    /// <summary>The device, or its product, is disabled.</summary>
    Disabled,

    /// <summary>The device has signed in before: its secret is not handed out again.</summary>
    Closed,

    /// <summary>As many devices as allowed have registered themselves.</summary>
    Limit,

    /// <summary>Too many requests from there, or for this product.</summary>
    TooMany,
}
