using System.Diagnostics;
using System.Security.Cryptography;

namespace Waybill.Benchmarks;

/// <summary>What one core can hash: the ceiling of every upload.</summary>
static class HashSpeed
{
    const int Block = 1 << 20;
    const int Blocks = 1024;

    public static int Run()
    {
        foreach (var name in new[] { HashAlgorithmName.MD5, HashAlgorithmName.SHA256 })
        {
            using var hash = IncrementalHash.CreateHash(name);
            var block = RandomNumberGenerator.GetBytes(Block);
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < Blocks; i++)
                hash.AppendData(block);
            hash.GetHashAndReset();
            Console.WriteLine($"{name} {Blocks / watch.Elapsed.TotalSeconds:F0} MiB/s");
        }
        return 0;
    }
}
