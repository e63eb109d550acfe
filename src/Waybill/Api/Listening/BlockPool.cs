using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Waybill.Api.Listening;

/// <summary>
/// Memory of connections in blocks of one size. A block is rented when bytes have come, so a silent connection holds none; the one that was
/// returned last is rented next, while it is still in the processor's cache. What a rush needs beyond <paramref name="mostIdle"/> is left to
/// the garbage collector.
/// </summary>
sealed class BlockPool(int blockSize, int mostIdle) : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    readonly Lock _gate = new();
    readonly Stack<Block> _idle = new(mostIdle);

    public override int MaxBufferSize => blockSize;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, blockSize);
        lock (_gate)
        {
            if (_idle.TryPop(out var block))
                return block;
        }
        return new Block(this);
    }

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
            _idle.Clear();
    }

    void Return(Block block)
    {
        lock (_gate)
        {
            if (_idle.Count < mostIdle)
                _idle.Push(block);
        }
    }

    sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(pool.MaxBufferSize, pinned: true);

        public void Dispose() => pool.Return(this);
    }
}
