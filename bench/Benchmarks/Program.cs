using BenchmarkDotNet.Running;
using Waybill.Benchmarks;

return args switch
{
    ["hashes"] => HashSpeed.Run(),
    ["ledger"] => await CpuCost.RunAsync(),
    _ => Micro(args),
};

// everything BenchmarkDotNet knows: --list flat, --filter *Codec*, --job short …
static int Micro(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(HashSpeed).Assembly).Run(args);
    return 0;
}
