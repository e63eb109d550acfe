using Waybill.Devices;

namespace Waybill.Logs;

/// <summary>Something that happened to a log request.</summary>
abstract class LogMessage : JobMessage<LogRequest, LogSettings>;

/// <summary>Something that the platform wants of one, and whose sender awaits the decision.</summary>
abstract class LogWish : JobWish<LogRequest, LogSettings>;
