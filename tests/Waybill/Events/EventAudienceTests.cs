using Waybill.Events;
using Xunit;

namespace Waybill.Tests.Events;

public sealed class EventAudienceTests
{
    [Theory]
    [InlineData(null, null, true)]
    [InlineData("P", null, true)]
    [InlineData("O,P", null, true)]
    [InlineData("P", "c,d", true)]
    [InlineData(null, "d", true)]
    [InlineData("O", null, false)]
    [InlineData("P", "c", false)]
    [InlineData("O", "d", false)]
    [InlineData("", null, false)]
    [InlineData("P", "", false)]
    public void A_listener_is_found_once_for_what_it_may_hear_and_never_again_when_it_has_left(string? products, string? devices, bool heard)
    {
        var audience = new EventAudience();
        var listener = new EventListener(new(List(products), List(devices)), 1);
        audience.Add(new(new(["other"]), 1));
        audience.Add(listener);
        Assert.Equal(heard ? [listener] : [], audience.Of(new("P", "d")));
        audience.Remove(listener);
        Assert.Empty(audience.Of(new("P", "d")));
        Assert.Equal(1, audience.Count);
    }

    static string[]? List(string? texts) => texts?.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
