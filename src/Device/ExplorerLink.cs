using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Waybill.Mqtt.Client;
using Waybill.Protocols.TencentExplorer;

namespace Waybill.Device;

/// <summary>The way up, and the list: what commands and uploads of a device publish through.</summary>
sealed class ExplorerLink(ExplorerDeviceOptions options, DeviceSession session)
{
    int _questions;
    volatile bool _isDeaf = true;
    volatile bool _isAsking;
    volatile TaskCompletionSource? _listed;

    public ExplorerDeviceOptions Options => options;

    public ExplorerManners Manners { get; } = ExplorerManners.Of(options.Variant);

    /// <summary>Whether commands are lost: before the list was reported on this connection, and while the device cannot take any.</summary>
    public bool IsDeaf
    {
        get => _isDeaf;
        set => _isDeaf = value;
    }

    public async Task PublishAsync(ExplorerUp message, CancellationToken ct)
    {
        var payload = new ArrayBufferWriter<byte>(ExplorerUpWriter.MaxPayload);
        if (!ExplorerUpWriter.TryWrite(payload, message, options.Variant))
            throw new ArgumentException("The message is too long or not Unicode.", nameof(message));
        await session.PublishAsync(payload.WrittenMemory, Manners.QosOf(message), ct);
    }

    /// <summary>The same for what the platform learns from the next list, or need not know.</summary>
    public async Task SayAsync(ExplorerUp message, CancellationToken ct)
    {
        try
        {
            await PublishAsync(message, ct);
        }
        catch (MqttException)
        {
            // The list is reported on the next connection
        }
    }

    /// <summary>Says what the device holds; from here on it hears commands.</summary>
    /// <returns>Ends when the platform has answered.</returns>
    public async Task<Task> ReportAsync(CancellationToken ct)
    {
        var held = options.Storage.Held;
        // An answer that was lost with its connection is awaited on the next one
        var listed = _listed is { Task.IsCompleted: false } still ? still : new(TaskCreationOptions.RunContinuationsAsynchronously);
        _listed = listed;
        _isAsking = held.Count == 0;
        _isDeaf = false;
        await SayAsync(new ReportVersion(held, 0), ct);
        return listed.Task;
    }

    public void Answered(ReportVersionResponse answer)
    {
        // C ignores everything then, until it reports again
        if (answer.ResultCode != ExplorerResults.Ok && options.Variant == ExplorerVariant.C3)
            _isDeaf = true;
        else if (_isAsking && Manners.CanRecover)
            options.Storage.Take(answer.Resources);
        _isAsking = false;
        _listed?.TrySetResult();
    }

    /// <summary>C counts from 1 on every boot.</summary>
    public ExplorerRequestId NewRequestId(ExplorerFile file) => new(file.RequestId ?? options.Variant switch
    {
        ExplorerVariant.C3 => Interlocked.Increment(ref _questions).ToString(CultureInfo.InvariantCulture),
        ExplorerVariant.V4 => RandomNumberGenerator.GetInt32(int.MaxValue).ToString(CultureInfo.InvariantCulture),
        _ => Guid.NewGuid().ToString("N"),
    });

    /// <inheritdoc cref="DeviceSession.AnswerAsync"/>
    public Task<T?> AnswerAsync<T>(Task<T> answer, TimeSpan patience, CancellationToken ct)
        where T : class => session.AnswerAsync(answer, patience, ct);
}
