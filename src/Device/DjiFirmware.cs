using System.Buffers;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Waybill.Protocols.DjiCloud;
using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>The package of one device fetched and checked; its bytes are thrown away, as nothing can be done with them here.</summary>
sealed class DjiFirmware(DjiDockOptions options, DjiPackage package, Action<long> moved)
{
    const int Tries = 3;
    const int BufferSize = 64 * 1024;

    readonly HttpMessageInvoker _http = FileServer.On(options.Http);
    long _length;

    /// <summary>0, or why it cannot be used. A broken connection is made again from where it broke.</summary>
    public async Task<int> FetchAsync(CancellationToken ct)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        for (var failures = 0; _length < package.Size; failures++)
        {
            if (failures == Tries)
                return DjiErrorCodes.UpgradeFailed;
            if (await GetAsync(md5, ct) is not 0 and var code)
                return code;
        }
        return md5.Digest() == package.Md5 && _length == package.Size ? 0 : DjiErrorCodes.VersionCheckFailed;
    }

    async Task<int> GetAsync(IncrementalHash md5, CancellationToken ct)
    {
        using var stall = new Stall(options.StallTimeout, options.Clock, ct);
        try
        {
            var (response, code) = await FileServer.GetAsync(_http, package.Url, _length == 0 ? null : new RangeHeaderValue(_length, null), stall.Token);
            using (response)
            {
                if (code != HubResults.Ok)
                    return DjiErrorCodes.UpgradeFailed;
                await ReadAsync(response, md5, stall);
            }
        }
        catch (IOException)
        {
            // Tried again from where it broke
        }
        catch (OperationCanceledException) when (stall.IsOver)
        {
            // Likewise
        }
        return 0;
    }

    async Task ReadAsync(HttpResponseMessage response, IncrementalHash md5, Stall stall)
    {
        await using var body = await response.Content.ReadAsStreamAsync(stall.Token);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await body.ReadAsync(buffer, stall.Token) is > 0 and var read)
            {
                md5.AppendData(buffer, 0, read);
                _length += read;
                stall.Moved();
                moved(read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
