using System.Globalization;
using BenchmarkDotNet.Running;
using Waybill.Benchmarks;

return args switch
{
    ["hashes"] => HashSpeed.Run(),
    ["presign", var method, var endpoint, var accessKey, var secret, var path, var count, .. var query] =>
        Presign.Run(method, new(endpoint), accessKey, secret, path, int.Parse(count, CultureInfo.InvariantCulture), query.FirstOrDefault() ?? ""),
    ["s3keys", var data, var bucket, var count] => await S3Keys.RunAsync(data, bucket, int.Parse(count, CultureInfo.InvariantCulture)),
    ["broker", var port] => await BrokerHost.RunAsync(int.Parse(port, CultureInfo.InvariantCulture)),
    ["tls-devices", var port, var count, var product, var secret] =>
        await TlsDevices.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture), product, secret),
    ["signatures"] => SignatureSpeed.Run(),
    ["ledger"] => await CpuCost.RunAsync(),
    _ => Micro(args),
};

// everything BenchmarkDotNet knows: --list flat, --filter *Codec*, --job short …
static int Micro(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(HashSpeed).Assembly).Run(args);
    return 0;
}
