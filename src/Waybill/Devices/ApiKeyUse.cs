using Waybill.Data;

namespace Waybill.Devices;

/// <summary>When keys of the API were used last.</summary>
sealed class ApiKeyUse(Database database, TimeProvider clock, ILogger<ApiKeyUse> logger)
    : LastUses<long>(database, "update api_keys set used_at = @Value where id = @Key", clock, logger);
