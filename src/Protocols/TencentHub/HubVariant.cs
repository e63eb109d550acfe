namespace Waybill.Protocols.TencentHub;

/// <summary>Whose bytes <see cref="HubUpWriter"/> writes.</summary>
public enum HubVariant
{
    /// <summary>The C SDKs 3.x.</summary>
    C,

    /// <summary>The Python SDK.</summary>
    Python,
}
