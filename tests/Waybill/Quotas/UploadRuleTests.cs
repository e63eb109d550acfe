using Waybill.Objects;
using Waybill.Quotas;
using Waybill.Tests.Transfers;
using Waybill.Transfers;
using Xunit;

namespace Waybill.Tests.Quotas;

public sealed class UploadRuleTests
{
    readonly Book _book = new();

    [Fact]
    public void Without_rules_nothing_is_counted()
    {
        var view = new TransferView(UploadRuleSet.Empty);
        Ask("a").Need(view);
        Assert.Empty(view.NeededUploads);
    }

    [Fact]
    public void Rules_about_one_file_need_nothing_loaded()
    {
        var view = new TransferView(UploadRuleSet.Empty.With("ABCDE12345", UploadRuleSet.WholeProduct, new() { MaxSize = 5, Types = ["AUDIO"], KeepDays = 1 }));
        Ask("a").Need(view);
        Assert.Empty(view.NeededUploads);
    }

    [Fact]
    public void Open_uploads_count_until_they_end()
    {
        _book.Rule(new() { MaxFiles = 2 });
        var first = Asked("a")!;
        Assert.NotNull(Asked("b"));
        Assert.Equal("quota_exceeded", Refused("c"));
        Assert.Equal(2, _book.All.Count);
        _book.Decide(new TransferCancel(first.Id));
        Assert.NotNull(Asked("c"));
    }

    [Fact]
    public void Kept_uploads_count_with_their_bytes()
    {
        _book.Rule(new() { MaxBytes = 250 });
        _book.Decide(Book.Stored(Asked("a")!.Id));
        Assert.NotNull(Asked("b"));
        Assert.Equal("quota_exceeded", Refused("c"));
        Assert.NotNull(Asked("c", 50));
        Assert.Equal("quota_exceeded", Refused("d", 1));
    }

    [Fact]
    public void The_messages_of_one_batch_see_each_other()
    {
        _book.Rule(new() { MaxFiles = 2 });
        UploadAsk[] asks = [Ask("a"), Ask("b"), Ask("c")];
        _book.Decide(asks);
        Assert.Equal([null, null, "quota_exceeded"], asks.Select(a => a.Refusal?.Code));
    }

    [Fact]
    public void Bytes_that_were_stored_in_the_batch_count_once()
    {
        _book.Rule(new() { MaxFiles = 2 });
        var first = Asked("a")!;
        UploadAsk[] asks = [Ask("b"), Ask("c")];
        _book.Decide([Book.Stored(first.Id), .. asks]);
        Assert.Equal([null, "quota_exceeded"], asks.Select(a => a.Refusal?.Code));
    }

    [Fact]
    public void An_upload_that_takes_the_place_of_an_open_one_is_not_more()
    {
        _book.Rule(new() { MaxFiles = 1, MaxBytes = 100 });
        var first = Asked("a", 100)!;
        Assert.Equal(first.Id, Asked("a", 100)!.Id);
        Assert.NotEqual(first.Id, Asked("a", 90)!.Id);
        Assert.Equal(TransferState.Canceled, _book[first.Id].State);
    }

    [Fact]
    public void An_hour_has_so_many_new_uploads()
    {
        _book.Rule(new() { PerHour = 2 });
        _book.Decide(new TransferCancel(Asked("a")!.Id));
        _book.Pass(TimeSpan.FromMinutes(30));
        Assert.NotNull(Asked("b"));
        Assert.Equal("rate_exceeded", Refused("c"));
        // the same again is no new one
        Assert.NotNull(Asked("b"));
        _book.Pass(TimeSpan.FromMinutes(30));
        Assert.NotNull(Asked("c"));
        Assert.Equal("rate_exceeded", Refused("d"));
    }

    [Fact]
    public void A_file_has_its_size_and_its_type()
    {
        _book.Rule(new() { MaxSize = 10, Types = ["AUDIO", "VOICE"] });
        Assert.Equal("size_refused", Refused("a", 11));
        Assert.NotNull(Asked("a", 10));
        Assert.Equal("type_not_allowed", Refused("b", null, "FILE"));
        Assert.NotNull(Asked("b", null, "audio"));
        Assert.Equal([("a", "size_refused"), ("b", "type_not_allowed")], _book.Refused.Select(r => (r.File, r.Code)));
    }

    [Fact]
    public void Bytes_are_judged_again_without_the_upload_itself()
    {
        _book.Rule(new() { MaxBytes = 150 });
        var (first, second) = (Asked("a", null)!, Asked("b", null)!);
        var (one, two) = (Stored(first.Id), Stored(second.Id));
        _book.Decide(one, two);
        Assert.Equal((null, "quota_exceeded"), (one.Refusal?.Code, two.Refusal?.Code));
        Assert.Equal((TransferState.Ok, TransferState.Sent), (_book[first.Id].State, _book[second.Id].State));
        _book.Decide(new UploadRejection(second.Id, two.Refusal!));
        Assert.Equal((TransferState.Rejected, two.Refusal!.Message), (_book[second.Id].State, _book[second.Id].Reason));
        Assert.Equal("b", _book.Refused[^1].File);
    }

    [Fact]
    public void Removed_bytes_leave_the_transfer_and_make_room()
    {
        _book.Rule(new() { MaxFiles = 1 });
        var upload = Asked("a")!;
        _book.Decide(Book.Stored(upload.Id));
        Assert.Equal("quota_exceeded", Refused("b"));
        _book.Decide(new ContentRemoval(upload.Id, "removed by retention"));
        Assert.Equal((TransferState.Ok, null, "removed by retention"), (_book[upload.Id].State, _book[upload.Id].Sha256, _book[upload.Id].Reason));
        Assert.NotNull(Asked("b"));
    }

    [Fact]
    public void Bytes_of_an_open_upload_are_not_there_to_be_removed()
    {
        var upload = _book.Upload();
        _book.Decide(new ContentRemoval(upload.Id, "removed by retention"));
        Assert.Equal(upload, _book[upload.Id]);
    }

    [Fact]
    public void A_device_without_rules_of_its_own_has_its_products()
    {
        var product = new UploadRules { MaxFiles = 1 };
        var own = new UploadRules();
        var all = UploadRuleSet.Empty.With("A", UploadRuleSet.WholeProduct, product);
        Assert.Same(product, all.For("A", 7));
        Assert.Null(all.For("B", 7));
        var both = all.With("A", 7, own);
        Assert.Same(own, both.For("A", 7));
        Assert.Same(product, both.For("A", 8));
        Assert.Same(product, both.With("A", 7, null).For("A", 7));
    }

    [Theory]
    [InlineData(null, null, 10, null)]
    [InlineData(100L, null, 10, 100L)]
    [InlineData(100L, 50L, 10, 40L)]
    [InlineData(null, 50L, 10, 40L)]
    [InlineData(30L, 50L, 10, 30L)]
    [InlineData(30L, 50L, 60, 0L)]
    [InlineData(null, 50L, 60, 0L)]
    public void Room_is_what_the_rules_leave(long? maxSize, long? maxBytes, long used, long? room) =>
        Assert.Equal(room, new UploadRules { MaxSize = maxSize, MaxBytes = maxBytes }.Room(new(1, used, 0)));

    BytesStored Stored(long id) => new(id, new ObjectRecord(Book.Sha256, Book.Md5, 100))
    {
        Allowed = (Book.Device, _book.Rules.For(Book.Identity.Product, Book.Device)!),
    };

    static UploadAsk Ask(string name, long? size = 100, string? type = null) =>
        new(Book.Identity, new(name, size, size is null ? null : Book.Md5, null, type));

    Transfer? Asked(string name, long? size = 100, string? type = null) => _book.After(Ask(name, size, type));

    string? Refused(string name, long? size = 100, string? type = null)
    {
        var ask = Ask(name, size, type);
        _book.Decide(ask);
        return ask.Refusal?.Code;
    }
}
