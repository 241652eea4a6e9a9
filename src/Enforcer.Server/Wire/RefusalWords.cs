using Enforcer.Ledger;
using Google.Protobuf.Reflection;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Wire;

/// <summary>
/// The fact behind each refusal, in one sentence with the way out. The figures are in the refusal's own fields, so these texts
/// are constants and cost nothing where refusals come by the hundred thousand.
/// </summary>
internal static class RefusalWords
{
    public const string UnknownAccount = "There is no such account, or the key is not in force; check the id, or ask the operator for a key.";

    public const string Unavailable =
        "The journal, or the node that has the account, cannot be reached, and whether the command took effect is not known; send it again with the same operation id.";

    private static readonly EnumDescriptor Names = V1.EdgeReflection.Descriptor.FindTypeByName<EnumDescriptor>("Refusal");

    /// <summary>The stable name on the wire, such as EXCEEDS_SPEND_CAP.</summary>
    public static string Name(Refusal refusal) => Names.FindValueByNumber((int)refusal).Name;

    public static string? Of(in Outcome outcome) => outcome.Refusal switch
    {
        Refusal.Granted => null,
        Refusal.ExceedsSpendCap => "A spend cap has less headroom than asked for; ask for less, or have the cap raised.",
        Refusal.ExceedsSpendCapInFlight =>
            "A spend cap has less headroom than asked for while other reservations are open; it may fit when they are settled.",
        Refusal.RequestRate => "The request rate is used up; try again after retry_after_ms.",
        Refusal.TokenRate => "The token rate is used up; try again after retry_after_ms, or ask for fewer tokens.",
        Refusal.Concurrency => "As many reservations are open as may be; try again when one has ended.",
        Refusal.Suspended => "The account is suspended; an operator can resume it.",
        Refusal.Closed => "The account is closed for good; use another one.",
        Refusal.Overrun => "A commit has exceeded a spend cap; nothing is granted until a top-up or a higher cap covers it.",
        Refusal.UnknownAccount => UnknownAccount,
        Refusal.UnknownReservation => "The account has had no such reservation within the time that operations are remembered; check reservation_id.",
        Refusal.ReservationFinished => "The reservation has already ended by a final commit or a release; make a new one.",
        Refusal.OperationConflict => "The operation id was used before with another body; give every operation an id of its own.",
        Refusal.ExpiredOperation => "The operation id is older than operations are remembered; look the operation up in the ledger before you repeat it.",
        Refusal.FutureOperation => "The time in the operation id lies ahead of the server's; set the clock of the caller, or the server's.",
        Refusal.TooManyReservations => "The account has as many open reservations as the server keeps; settle some first.",
        Refusal.Busy => "A queue of the server is full and the command was not looked at; try again soon.",
        Refusal.Unavailable => Unavailable,
        Refusal.ExceedsCommitted => "The reversal asks for more than the reservation has committed and not yet reversed; ask for less.",
        Refusal.InvalidChange => "The change does not fit the state of the account; read the account and ask for what fits.",
        Refusal.Unpriced => "The model, or a meter of the call, has no price; ask the operator to list it.",
        Refusal.BelowMarginFloor => "The call would be sold below the account's margin floor; use another model, or have its price plan changed.",
        _ => "The command is malformed.",
    };
}
