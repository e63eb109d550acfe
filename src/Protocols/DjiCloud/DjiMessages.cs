namespace Waybill.Protocols.DjiCloud;

/// <summary>What a device says in <c>data</c>, in the order of the conversation. Topic and method tell them apart.</summary>
public abstract record DjiUp;

/// <summary>A method that this dialect does not know, or a topic whose content it does not use. Answered like any other.</summary>
public sealed record DjiOther : DjiUp;

/// <summary>A known method whose <c>data</c> cannot be used. It is answered all the same: unanswered, it would come again for ever.</summary>
/// <param name="Reason">For the log; quotes nothing that was sent.</param>
public sealed record DjiUnusable(string Reason) : DjiUp;
