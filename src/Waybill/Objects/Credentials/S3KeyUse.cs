using Waybill.Data;

namespace Waybill.Objects.Credentials;

/// <summary>When keys of the S3 endpoint were used last.</summary>
sealed class S3KeyUse(Database database, TimeProvider clock, ILogger<S3KeyUse> logger)
    : LastUses<string>(database, "update s3_keys set used_at = @Value where access_key = @Key", clock, logger);
