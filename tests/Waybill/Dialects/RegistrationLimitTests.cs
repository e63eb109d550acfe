using System.Net;
using Waybill.Dialects.TencentRegistration;
using Xunit;

namespace Waybill.Tests.Dialects;

public sealed class RegistrationLimitTests
{
    readonly Clock _clock = new();

    [Fact]
    public void A_bucket_takes_its_burst_and_then_as_much_as_leaks()
    {
        var buckets = new RateBuckets<string>(burst: 3, perSecond: 0.5, _clock);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => buckets.TryAdd("a")));
        Assert.True(buckets.TryAdd("b"));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(_ => buckets.TryAdd("a")));
        Assert.True(buckets.IsEmpty("b"));
        Assert.True(buckets.IsFull("a"));
    }

    [Fact]
    public void A_product_under_attack_still_hears_addresses_that_sent_nothing_wrong()
    {
        var limits = new RegistrationLimits(_clock);
        for (var i = 0; i < 200; i++)
            limits.Wrong(IPAddress.Parse($"10.0.0.{i}"), "ABCDE12345");
        IsTooMany(() => limits.Signature(IPAddress.Parse("10.0.0.7"), "ABCDE12345"));
        limits.Signature(IPAddress.Parse("10.0.0.7"), "OTHER12345");
        limits.Signature(IPAddress.Parse("10.0.1.7"), "ABCDE12345");
        _clock.Advance(TimeSpan.FromMinutes(2));
        limits.Signature(IPAddress.Parse("10.0.0.7"), "ABCDE12345");
    }

    [Fact]
    public void An_address_is_an_IPv4_address_or_an_IPv6_network()
    {
        var limits = new RegistrationLimits(_clock);
        for (var i = 0; i < RegistrationLimits.RequestsAtOnce; i++)
            limits.Request(IPAddress.Parse($"2001:db8::{i:x}"));
        IsTooMany(() => limits.Request(IPAddress.Parse("2001:db8::ffff")));
        limits.Request(IPAddress.Parse("2001:db8:0:1::1"));
        for (var i = 0; i < RegistrationLimits.RequestsAtOnce; i++)
            limits.Request(IPAddress.Parse("192.0.2.1"));
        IsTooMany(() => limits.Request(IPAddress.Parse("::ffff:192.0.2.1")));
        limits.Request(IPAddress.Parse("192.0.2.2"));
    }

    [Fact]
    public void Holders_of_a_secret_take_devices_no_faster_than_allowed()
    {
        var limits = new RegistrationLimits(_clock);
        for (var i = 0; i < 200; i++)
            limits.Proven(1);
        IsTooMany(() => limits.Proven(1));
        limits.Proven(2);
    }

    static void IsTooMany(Action action) => Assert.Equal("too_many", Assert.Throws<RefusedException>(action).Code);

    sealed class Clock : TimeProvider
    {
        long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }
}
