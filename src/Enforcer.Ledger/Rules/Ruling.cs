using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;

namespace Enforcer.Ledger.Rules;

/// <summary>What a rule works with: the state, the command's moment in account time, the options and where entries go.</summary>
internal readonly ref struct Ruling
{
    public required AccountState State { get; init; }

    public required LedgerOptions Options { get; init; }

    public required IWindowCalendar Calendar { get; init; }

    public required EntryBuffer Entries { get; init; }

    /// <summary>The account's time: never less than that of its last entry.</summary>
    public required long NowMs { get; init; }

    public History? History { get; init; }

    /// <summary>A refusal on which no limit has a say.</summary>
    public Outcome Refuse(Refusal refusal) => Outcome.Refuse(refusal, State.Seq);

    /// <summary>The refusal of a change, with the reason in the place of the limit.</summary>
    public Outcome RefuseChange(string why) => Outcome.Refuse(Refusal.InvalidChange, State.Seq) with { Limit = why };

    /// <summary>Records an entry that an operation caused, applies it, and gives the answer that it stands for.</summary>
    public Outcome Record(in Command command, in Entry entry) => Apply(entry with
    {
        OperationId = command.OperationId,
        BodyHash = command.BodyHash(),
        Seq = State.Seq + 1,
        AtMs = NowMs,
    });

    /// <summary>Records an entry that no operation caused, and applies it.</summary>
    public void Record(in Entry entry) => Apply(entry with { Seq = State.Seq + 1, AtMs = NowMs });

    private Outcome Apply(in Entry entry)
    {
        ref readonly var recorded = ref Entries.Add(entry);
        Fold.Apply(State, recorded, Options);
        return Outcome.From(recorded);
    }
}
