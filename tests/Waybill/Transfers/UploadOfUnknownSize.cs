using Waybill.Objects;
using Waybill.Transfers;
using Xunit;

namespace Waybill.Tests.Transfers;

/// <summary>Uploads whose size and MD5 the device does not announce.</summary>
public sealed class UploadOfUnknownSize
{
    readonly Book _book = new();

    [Fact]
    public void Asking_again_is_the_same_upload_until_it_has_ended()
    {
        var first = Ask("1");
        Assert.Equal(first.Id, Ask("1").Id);
        _book.Decide(new BytesStored(first.Id, new ObjectRecord(Book.Sha256, Book.Md5, 12)));
        Assert.Equal((TransferState.Ok, 12L), (_book[first.Id].State, _book[first.Id].Size));
        Assert.NotEqual(first.Id, Ask("1").Id);
    }

    [Fact]
    public void Another_version_supersedes()
    {
        var first = Ask("1");
        Assert.NotEqual(first.Id, Ask("2").Id);
        Assert.Equal(TransferState.Canceled, _book[first.Id].State);
    }

    [Fact]
    public void A_claim_without_bytes_is_not_believed()
    {
        var upload = Ask("1");
        _book.Decide(new UploadReport(Book.Device, upload.Id, new(Reported.Done, null, 0, "success")));
        Assert.Equal((TransferStep.Verifying, true), (_book[upload.Id].Step, _book[upload.Id].IsOpen));
    }

    [Fact]
    public void Another_devices_token_names_nothing()
    {
        var upload = Ask("1");
        Assert.Null(_book.After(new UploadReport(Book.Device + 1, upload.Id, new(Reported.Fail, null, -1, "post_fail"))));
        Assert.Equal(TransferState.Sent, _book[upload.Id].State);
    }

    Transfer Ask(string version) => _book.After(new UploadAsk(Book.Identity, new("pic.jpg", null, null, version, "FILE")))!;
}
