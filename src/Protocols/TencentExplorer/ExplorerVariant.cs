namespace Waybill.Protocols.TencentExplorer;

/// <summary>Whose bytes <see cref="ExplorerUpWriter"/> writes.</summary>
public enum ExplorerVariant
{
    /// <summary>The C SDKs 3.x.</summary>
    C3,

    /// <summary>The C SDK 4.</summary>
    V4,

    /// <summary>The Java SDK, Android.</summary>
    Java,
}
