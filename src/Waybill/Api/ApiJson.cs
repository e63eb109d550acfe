using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Waybill.Api;

/// <summary>Every record on the API's wire.</summary>
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ProductBody))]
[JsonSerializable(typeof(ProductPatch))]
[JsonSerializable(typeof(Page<ProductAnswer>))]
[JsonSerializable(typeof(OrganizationBody))]
[JsonSerializable(typeof(Page<OrganizationAnswer>))]
[JsonSerializable(typeof(Page<BindingAnswer>))]
[JsonSerializable(typeof(RegistrationSecretBody))]
[JsonSerializable(typeof(RegistrationSecretAnswer))]
[JsonSerializable(typeof(OpenRegistrationBody))]
[JsonSerializable(typeof(OpenRegistrationAnswer))]
[JsonSerializable(typeof(DeviceBody))]
[JsonSerializable(typeof(DevicePatch))]
[JsonSerializable(typeof(SecretBody))]
[JsonSerializable(typeof(SecretAnswer))]
[JsonSerializable(typeof(Page<DeviceAnswer>))]
[JsonSerializable(typeof(Devices.ImportOutcome))]
[JsonSerializable(typeof(ArrivalAnswer))]
[JsonSerializable(typeof(CheckAnswer))]
[JsonSerializable(typeof(UploadRulesBody))]
[JsonSerializable(typeof(UploadRulesAnswer))]
[JsonSerializable(typeof(RetentionBody))]
[JsonSerializable(typeof(RetentionAnswer))]
[JsonSerializable(typeof(Page<HeldPastAnswer>))]
[JsonSerializable(typeof(Page<FileAnswer>))]
[JsonSerializable(typeof(BucketBody))]
[JsonSerializable(typeof(Page<BucketAnswer>))]
[JsonSerializable(typeof(Page<ObjectAnswer>))]
[JsonSerializable(typeof(TransferBody))]
[JsonSerializable(typeof(Page<TransferAnswer>))]
[JsonSerializable(typeof(LogBody))]
[JsonSerializable(typeof(LogUploadBody))]
[JsonSerializable(typeof(LogCancelBody))]
[JsonSerializable(typeof(Page<LogAnswer>))]
[JsonSerializable(typeof(ArchiveEntriesAnswer))]
[JsonSerializable(typeof(LogCampaignBody))]
[JsonSerializable(typeof(Page<LogCampaignAnswer>))]
[JsonSerializable(typeof(Page<LogTargetAnswer>))]
[JsonSerializable(typeof(UpgradeBody))]
[JsonSerializable(typeof(Page<UpgradeAnswer>))]
[JsonSerializable(typeof(Page<EventAnswer>))]
[JsonSerializable(typeof(WebhookBody))]
[JsonSerializable(typeof(ReplayBody))]
[JsonSerializable(typeof(Page<WebhookAnswer>))]
[JsonSerializable(typeof(Page<DeliveryAnswer>))]
[JsonSerializable(typeof(MqttAccountBody))]
[JsonSerializable(typeof(MqttAccountPatch))]
[JsonSerializable(typeof(Page<MqttAccountAnswer>))]
[JsonSerializable(typeof(Page<MqttRefusalAnswer>))]
[JsonSerializable(typeof(ApiKeyBody))]
[JsonSerializable(typeof(ApiKeyPatch))]
[JsonSerializable(typeof(ApiKeyRotation))]
[JsonSerializable(typeof(Page<ApiKeyAnswer>))]
[JsonSerializable(typeof(TencentSecretAnswer))]
[JsonSerializable(typeof(StorageKeyBody))]
[JsonSerializable(typeof(Page<StorageKeyAnswer>))]
[JsonSerializable(typeof(StorageCredentialBody))]
[JsonSerializable(typeof(Page<StorageIssuerAnswer>))]
[JsonSerializable(typeof(StorageCredentialAnswer))]
[JsonSerializable(typeof(AppTokenBody))]
[JsonSerializable(typeof(AppTokenAnswer))]
[JsonSerializable(typeof(Page<DeadMessageAnswer>))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(Tracing.TraceLine))]
sealed partial class ApiJson : JsonSerializerContext
{
    public static ApiJson Wire { get; } = new(Configure(new(JsonSerializerDefaults.Web)));

    /// <summary>Numbers are numbers, and texts are escaped no more than JSON asks for: no answer is ever HTML.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}
