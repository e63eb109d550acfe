namespace Waybill.Protocols.TencentRegistration;

/// <summary>The two forms of asking, told apart by the path.</summary>
public enum RegistrationForm
{
    /// <summary><c>POST /register/dev</c> of the IoT Explorer C SDK: everything stands in the body.</summary>
    Parameters,

    /// <summary><c>POST /device/register</c> of the IoT Hub SDKs and the vendor's pages: the signature stands in headers.</summary>
    Headers,
}

/// <summary>Where devices ask.</summary>
public static class RegistrationPaths
{
    /// <summary>Path of <see cref="RegistrationForm.Parameters"/>.</summary>
    public const string Parameters = "/register/dev";

    /// <summary>Path of <see cref="RegistrationForm.Headers"/>.</summary>
    public const string Headers = "/device/register";
}
