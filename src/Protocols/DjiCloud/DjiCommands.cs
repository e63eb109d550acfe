namespace Waybill.Protocols.DjiCloud;

/// <summary>A command of the platform, as the device reads it.</summary>
public abstract record DjiCommand : DjiDown;

/// <summary><c>fileupload_list</c></summary>
/// <param name="Modules">As in <see cref="DjiModules"/>.</param>
public sealed record DjiListLogs(IReadOnlyList<string> Modules) : DjiCommand;

/// <summary><c>fileupload_start</c></summary>
/// <param name="Storage">Where to upload.</param>
/// <param name="Directory">Prefix of keys that the device chooses; empty when none was sent.</param>
/// <param name="Files">A choice whose key is empty leaves it to the device, as the oldest generation of platforms does.</param>
public sealed record DjiStartLogs(DjiStorage Storage, string Directory, IReadOnlyList<DjiLogChoice> Files) : DjiCommand;

/// <summary><c>fileupload_update</c> with <c>cancel</c>.</summary>
/// <param name="Modules">Whose export ends.</param>
public sealed record DjiCancelLogs(IReadOnlyList<string> Modules) : DjiCommand;

/// <summary><c>ota_create</c></summary>
/// <param name="Devices">What to upgrade.</param>
public sealed record DjiCreateOta(IReadOnlyList<DjiOtaDevice> Devices) : DjiCommand;

/// <summary>A known command whose data cannot be used; a device answers 325001.</summary>
/// <param name="Reason">For the log; quotes nothing that was sent.</param>
public sealed record DjiBadCommand(string Reason) : DjiCommand;

/// <summary>A command that this side does not know; emulated devices answer <see cref="DjiErrorCodes.NotPossible"/>.</summary>
/// <param name="Method">As sent; null when none was.</param>
public sealed record DjiOtherCommand(string? Method) : DjiCommand;
