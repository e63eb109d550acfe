using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Waybill.Api.Listening;

/// <summary>Memory of HTTP connections, in blocks of 64 KiB: one receive takes as much, where the web server's own pool hands out 4 KiB and
/// makes sixteen. A block is rented when bytes have come, so a silent connection holds none.</summary>
sealed class BlockPool : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    const int BlockSize = 64 << 10;

    /// <summary>What is kept for the next, 16 MiB; what a rush needed beyond is left to the garbage collector.</summary>
    const int MostIdle = 256;

    readonly ConcurrentStack<Block> idle = [];

    public override int MaxBufferSize => BlockSize;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        return idle.TryPop(out var block) ? block : new Block(this);
    }

    protected override void Dispose(bool disposing) => idle.Clear();

    sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

        public void Dispose()
        {
            if (pool.idle.Count < MostIdle)
                pool.idle.Push(this);
        }
    }
}
