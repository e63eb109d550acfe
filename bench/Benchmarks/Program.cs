using System.Globalization;
using BenchmarkDotNet.Running;
using Waybill.Benchmarks;

return args switch
{
    ["hashes"] => HashSpeed.Run(),
    ["presign", var method, var endpoint, var accessKey, var secret, var path, var count, .. var query] =>
        Presign.Run(method, new(endpoint), accessKey, secret, path, Number(count), query.FirstOrDefault() ?? ""),
    ["s3keys", var data, var bucket, var count] => await S3Keys.RunAsync(data, bucket, Number(count)),
    ["broker", var port] => await BrokerHost.RunAsync(Number(port)),
    ["tls-devices", var port, var count, var product, var secret, var first] =>
        await TlsDevices.RunAsync(Number(port), Number(count), product, secret, Number(first)),
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

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
