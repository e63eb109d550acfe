using FsCheck;
using FsCheck.Fluent;
using Waybill.Objects;
using Xunit;

namespace Waybill.Tests.Objects;

public sealed class RangeSetTests
{
    const int Size = 400;

    // Few long pieces, which merge, and many short ones, which reach the bound.
    static readonly Arbitrary<(int Offset, int Length)[]> Pieces = Gen
        .Zip(Gen.Choose(0, Size), Gen.Frequency((8, Gen.Choose(0, 3)), (1, Gen.Choose(0, 200))))
        .Select(p => (Offset: p.Item1, Length: Math.Min(p.Item2, Size - p.Item1)))
        .ArrayOf().Resize(300).ToArbitrary();

    [Fact]
    public void It_holds_exactly_the_bytes_added_until_the_bound_is_hit_and_never_others() =>
        Prop.ForAll(Pieces, pieces =>
        {
            var set = new RangeSet();
            var model = new bool[Size];
            var exact = true;
            foreach (var (offset, length) in pieces)
            {
                set.Add(offset, length);
                model.AsSpan(offset, length).Fill(true);
                exact &= Runs(model) <= RangeSet.MostIntervals;
            }
            var held = Bitmap(set);
            Assert.True(set.Count <= RangeSet.MostIntervals);
            Assert.All(Enumerable.Range(0, Size), i => Assert.True(model[i] || !held[i], $"claims byte {i}"));
            if (exact)
                Assert.Equal(model, held);
            Assert.Equal(Array.TrueForAll(held, b => b), set.Covers(Size));
            Assert.Equal(held, Bitmap(RangeSet.FromBytes(set.ToBytes())));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Ranges_in_any_order_cover_the_object()
    {
        var set = new RangeSet();
        foreach (var offset in new[] { 60, 0, 40, 20, 80 })
        {
            Assert.False(set.Covers(100));
            set.Add(offset, 20);
        }
        Assert.True(set.Covers(100));
        Assert.False(set.Covers(101));
        Assert.Equal(1, set.Count);
    }

    [Fact]
    public void Past_the_bound_it_forgets_the_shortest_piece_and_accepts_it_again()
    {
        var set = new RangeSet();
        for (var i = 0; i < RangeSet.MostIntervals; i++)
            set.Add(i * 100, 50);
        set.Add(1_000_000, 1);
        Assert.Equal(RangeSet.MostIntervals, set.Count);
        set.Add(0, RangeSet.MostIntervals * 100);
        Assert.False(set.Covers(1_000_001));
        set.Add(RangeSet.MostIntervals * 100, 1_000_001 - RangeSet.MostIntervals * 100);
        Assert.True(set.Covers(1_000_001));
    }

    [Fact]
    public void Nothing_is_needed_to_cover_nothing() => Assert.True(new RangeSet().Covers(0));

    [Theory]
    [InlineData("00")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("ffffffffffffffff0100000000000000")]
    [InlineData("0000000000000000020000000000000001000000000000000300000000000000")]
    public void Bytes_that_are_no_set_are_not_believed(string hex) =>
        Assert.Throws<FormatException>(() => RangeSet.FromBytes(Convert.FromHexString(hex)));

    static int Runs(bool[] model) => model.Where((set, i) => set && (i == 0 || !model[i - 1])).Count();

    static bool[] Bitmap(RangeSet set)
    {
        var bitmap = new bool[Size];
        var bytes = set.ToBytes();
        for (var i = 0; i < bytes.Length; i += 16)
            bitmap.AsSpan((int)BitConverter.ToInt64(bytes, i)..(int)BitConverter.ToInt64(bytes, i + 8)).Fill(true);
        return bitmap;
    }
}
