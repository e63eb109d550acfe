using System.Globalization;
using BenchmarkDotNet.Running;
using Waybill.Benchmarks;

return args switch
{
    ["hashes"] => HashSpeed.Run(),
    ["presign", var method, var endpoint, var accessKey, var secret, var path, var count, .. var query] =>
        Presign.Run(method, new(endpoint), accessKey, secret, path, int.Parse(count, CultureInfo.InvariantCulture), query.FirstOrDefault() ?? ""),
    ["ledger"] => await CpuCost.RunAsync(),
    _ => Micro(args),
};

// everything BenchmarkDotNet knows: --list flat, --filter *Codec*, --job short …
static int Micro(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(HashSpeed).Assembly).Run(args);
    return 0;
}
