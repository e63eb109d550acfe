using System.Text;
using Waybill.Line;
using Waybill.Link;

namespace Waybill.Dialects;

/// <summary>Puts a message that was set aside on the line once more. Its device is not answered again: it went on long ago.</summary>
sealed class DeadMessageReplay(IEnumerable<IDialect> dialects, DeadMessages messages, Inbox inbox)
{
    public async Task RunAsync(DeadMessage message, CancellationToken ct)
    {
        var dialect = dialects.FirstOrDefault(d => d.Name == message.Dialect)
            ?? throw new RefusedException("not_supported", $"The dialect {message.Dialect} is not offered here any more.");
        var again = dialect.Read(Encoding.UTF8.GetBytes(message.Topic), message.Payload, new DeviceIdentity(message.DeviceId, message.Product, message.Device, [message.Dialect], null))
            ?? throw new RefusedException("not_supported", "The message cannot be read any more.");
        again.Waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await inbox.PostAsync(again, ct);
        await again.Waiter.Task.WaitAsync(ct);
        await messages.RemoveAsync(message.Id, ct);
    }
}
