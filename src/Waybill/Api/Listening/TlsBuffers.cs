using System.Net.Security;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Waybill.Api.Listening;

/// <summary>
/// OpenSSL keeps a read and a write buffer of 16 KiB for each connection unless it is told to give them back when they are empty
/// (<c>SSL_MODE_RELEASE_BUFFERS</c>), and .NET has no setting for that. Here it is told, where OpenSSL is what .NET uses and the connection's
/// handle is found; elsewhere connections keep their buffers, and all else is as it was.
/// </summary>
static unsafe class TlsBuffers
{
    const int SetMode = 33;
    const nint ReleaseBuffers = 0x10;

    static readonly FieldInfo? s_context = typeof(SslStream).GetField("_securityContext", BindingFlags.Instance | BindingFlags.NonPublic);
    static readonly delegate* unmanaged<nint, int, nint, nint, nint> s_control = Control();

    /// <summary>After the handshake and before anything else reads or writes.</summary>
    /// <returns>False where the buffers stay.</returns>
    public static bool Release(SslStream stream)
    {
        if (s_control is null || s_context?.GetValue(stream) is not SafeHandle { IsInvalid: false, IsClosed: false } connection)
            return false;
        var held = false;
        try
        {
            connection.DangerousAddRef(ref held);
            var modes = s_control(connection.DangerousGetHandle(), SetMode, ReleaseBuffers, 0);
            return (modes & ReleaseBuffers) != 0;
        }
        finally
        {
            if (held)
                connection.DangerousRelease();
        }
    }

    static delegate* unmanaged<nint, int, nint, nint, nint> Control()
    {
        if (!OperatingSystem.IsLinux() || s_context is not { FieldType.Name: "SafeDeleteContext" or "SafeDeleteSslContext" or "SafeSslHandle" })
            return null;
        var library = $"libssl.so.{SafeEvpPKeyHandle.OpenSslVersion >> 28}";
        return NativeLibrary.TryLoad(library, out var ssl) && NativeLibrary.TryGetExport(ssl, "SSL_ctrl", out var control)
            ? (delegate* unmanaged<nint, int, nint, nint, nint>)control
            : null;
    }
}
