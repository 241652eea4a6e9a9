using Enforcer.Ledger.Entries;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Audit;

/// <summary>
/// Holds every answer that every client got against the journal. First the journal is added up anew
/// (<see cref="AuditedAccount"/>) and each operation in it remembered; then each answer must be there, with the same sums,
/// once.
/// </summary>
internal sealed class JournalAudit
{
    /// <summary>Reservations end by time within seconds of it, also after a fault.</summary>
    private const long GraceMs = 10_000;

    private readonly Dictionary<int, AuditedAccount> _accounts = [];
    private readonly Dictionary<(int Account, UInt128 Id), Effect> _effects = [];
    private readonly Dictionary<int, long> _told = [];
    private long _lastAtMs;

    public AuditFindings Findings { get; } = new();

    /// <param name="facts">The whole journal, in order.</param>
    /// <param name="answers">Every answer, in any order.</param>
    /// <param name="smallest">The smallest request of each account that must be exhausted, by account; empty for none.</param>
    public static AuditFindings Run(IEnumerable<Fact> facts, IEnumerable<Answer> answers, IReadOnlyDictionary<int, long> smallest)
    {
        var audit = new JournalAudit();
        foreach (var fact in facts)
        {
            audit.Add(fact);
        }

        foreach (var answer in answers)
        {
            audit.Check(answer);
        }

        audit.CheckSums();
        audit.CheckExhausted(smallest);
        return audit.Findings;
    }

    private void Add(in Fact fact)
    {
        Findings.Entries++;
        _lastAtMs = Math.Max(_lastAtMs, fact.Entry.AtMs);
        if (!_accounts.TryGetValue(fact.Account, out var account))
        {
            account = new AuditedAccount(AccountNames.Of(fact.Account), Findings);
            _accounts.Add(fact.Account, account);
            Findings.Accounts++;
        }

        account.Add(fact.Entry);
        if (fact.Entry.OperationId.IsNone || fact.Entry.Kind == EntryKind.Opened)
            return; // nobody's operation, or the first half of one: an account is opened and gets its limits by one operation
        var id = new UInt128(fact.Entry.OperationId.High, fact.Entry.OperationId.Low);
        var effect = new Effect(fact.Entry.Seq, fact.Entry.Kind, fact.Entry.HeldAfterNanos, fact.Entry.CommittedDeltaNanos, fact.Entry.OverrunNanos);
        if (_effects.TryAdd((fact.Account, id), effect))
            return;
        Findings.DoubleEffects++;
        Findings.Example($"account {fact.Account}, entry {fact.Entry.Seq}: operation {fact.Entry.OperationId} takes effect again");
    }

    private void Check(in Answer answer)
    {
        Findings.Answers++;
        var isThere = _effects.TryGetValue((answer.Account, answer.Id), out var effect);
        if (!answer.IsGranted)
        {
            if (!isThere)
                return;
            if (answer.Resent == 1 && effect.Kind == EntryKind.Reserved)
            {
                Findings.LateCopies++;
                return;
            }

            Findings.DoubleEffects++;
            Findings.Example($"account {answer.Account}: operation {answer.Id:x32} was refused ({answer.Refusal}), yet entry {effect.Seq} is its effect");
            return;
        }

        _told[answer.Account] = _told.GetValueOrDefault(answer.Account) + answer.ChargedNanos;
        if (isThere && Agrees(answer, effect))
            return;
        Findings.LostAnswers++;
        Findings.Example($"account {answer.Account}: answer to operation {answer.Id:x32} (seq {answer.Seq}, held {answer.HeldNanos}, charged "
            + $"{answer.ChargedNanos}) against {(isThere ? effect.ToString() : "no entry")}");
    }

    private static bool Agrees(in Answer answer, in Effect effect) =>
        answer.Seq == effect.Seq
        && answer.HeldNanos == effect.HeldAfterNanos
        && answer.ChargedNanos == effect.ChargedNanos
        && answer.OverrunNanos == effect.OverrunNanos
        && (EdgeVerb)answer.Verb == VerbOf(effect.Kind);

    private static EdgeVerb VerbOf(EntryKind kind) => kind switch
    {
        EntryKind.Reserved => EdgeVerb.Reserve,
        EntryKind.Committed or EntryKind.CommittedLate => EdgeVerb.Commit,
        EntryKind.Released => EdgeVerb.Release,
        _ => default,
    };

    private void CheckSums()
    {
        foreach (var (number, account) in _accounts)
        {
            Findings.CommittedNanos += account.CommittedNanos;
            Findings.OpenReservations += account.OpenReservations;
            foreach (var overdue in account.Overdue(_lastAtMs - GraceMs))
            {
                Findings.OverdueReservations++;
                Findings.Example(overdue);
            }

            var told = _told.GetValueOrDefault(number) + account.ExpiryChargedNanos;
            if (told == account.CommittedNanos)
                continue;
            Findings.SumDifferenceNanos += Math.Abs(account.CommittedNanos - told);
            Findings.Example($"account {number}: {account.CommittedNanos} nanos committed, but answers and expiries add up to {told}");
        }
    }

    private void CheckExhausted(IReadOnlyDictionary<int, long> smallest)
    {
        foreach (var (number, least) in smallest)
        {
            if (!_accounts.TryGetValue(number, out var account))
                continue;
            if (account.HeldNanos == 0 && account.OpenReservations == 0 && account.HeadroomNanos < least)
                continue;
            Findings.Unexhausted++;
            Findings.Example($"account {number}: held {account.HeldNanos}, headroom {account.HeadroomNanos}, smallest request {least}");
        }
    }

    private readonly record struct Effect(long Seq, EntryKind Kind, long HeldAfterNanos, long ChargedNanos, long OverrunNanos);
}
