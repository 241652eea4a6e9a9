using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.LoadTests.Audit;
using Enforcer.LoadTests.Edges;
using OperationId = Enforcer.Ledger.OperationId;

namespace Enforcer.LoadTests.Tests;

/// <summary>An auditor that finds nothing proves nothing: each lie must be found.</summary>
public sealed class AuditTests
{
    private static readonly OperationId First = new(1, 1);
    private static readonly OperationId Second = new(1, 2);
    private static readonly OperationId Third = new(1, 3);

    private static readonly Entry[] Honest =
    [
        new() { Seq = 1, Kind = EntryKind.Opened },
        Cap(2, 100),
        new() { Seq = 3, Kind = EntryKind.Reserved, OperationId = First, ReservationId = First, HeldDeltaNanos = 60, HeldAfterNanos = 60 },
        new() { Seq = 4, Kind = EntryKind.Committed, OperationId = Second, ReservationId = First, HeldDeltaNanos = -60, CommittedDeltaNanos = 50, Final = true },
    ];

    private static readonly Answer[] Told =
    [
        new() { IdHigh = 1, IdLow = 1, Verb = (byte)EdgeVerb.Reserve, AmountNanos = 60, HeldNanos = 60, Seq = 3 },
        new() { IdHigh = 1, IdLow = 2, Verb = (byte)EdgeVerb.Commit, AmountNanos = 50, ChargedNanos = 50, Seq = 4 },
        new() { IdHigh = 1, IdLow = 9, Verb = (byte)EdgeVerb.Reserve, AmountNanos = 60, Refusal = 1 },
    ];

    [Fact]
    public void An_honest_journal_is_clean()
    {
        var findings = Run(Honest, Told);

        Assert.True(findings.IsClean, string.Join('\n', findings.Examples));
        Assert.Equal((4, 3, 50), (findings.Entries, findings.Answers, findings.CommittedNanos));
    }

    [Fact]
    public void A_grant_above_the_cap_is_found_to_the_nano()
    {
        var entries = Honest.Append(new Entry { Seq = 5, Kind = EntryKind.Reserved, OperationId = Third, ReservationId = Third, HeldDeltaNanos = 51, HeldAfterNanos = 51 });

        Assert.Equal(1, Run(entries, Told).OverspendNanos);
    }

    [Fact]
    public void A_cap_lowered_below_use_is_no_overspend_until_something_more_is_granted()
    {
        var lowered = Honest.Append(Cap(5, 30)).ToArray();
        Assert.Equal(0, Run(lowered, Told).OverspendNanos);

        var granted = lowered.Append(new Entry { Seq = 6, Kind = EntryKind.Reserved, OperationId = Third, ReservationId = Third, HeldDeltaNanos = 1, HeldAfterNanos = 1 });
        Assert.Equal(1, Run(granted, Told).OverspendNanos);
    }

    [Fact]
    public void An_answer_without_its_entry_is_lost() => Assert.Equal(1, Run(Honest.Take(3), Told).LostAnswers);

    [Fact]
    public void An_answer_that_says_something_else_than_its_entry_is_lost() =>
        Assert.Equal(1, Run(Honest, [Told[0], Told[1] with { ChargedNanos = 49 }]).LostAnswers);

    [Fact]
    public void An_operation_that_takes_effect_twice_is_found()
    {
        var twice = Honest.Append(new Entry { Seq = 5, Kind = EntryKind.Reserved, OperationId = First, ReservationId = First, HeldDeltaNanos = 10, HeldAfterNanos = 10 });

        var findings = Run(twice, Told);

        Assert.Equal(1, findings.DoubleEffects);
        Assert.Equal(1, findings.BrokenEntries);
    }

    [Fact]
    public void A_refused_operation_with_an_effect_is_found() =>
        Assert.Equal(1, Run(Honest, [Told[0] with { Refusal = 1, HeldNanos = 0 }, Told[1]]).DoubleEffects);

    [Fact]
    public void A_reservation_that_an_earlier_copy_made_after_a_refusal_is_told_apart()
    {
        var entries = Honest.Take(3);
        var refused = Told[0] with { Refusal = 1, HeldNanos = 0, Resent = 1 };

        Assert.Equal((0, 1), (Run(entries, [refused]).DoubleEffects, Run(entries, [refused]).LateCopies));
        // A commit is refused for good: no copy of it may take effect.
        Assert.Equal(1, Run(Honest, [Told[0], Told[1] with { Refusal = 1, ChargedNanos = 0, Resent = 1 }]).DoubleEffects);
    }

    [Fact]
    public void A_reservation_that_outlives_its_time_is_found()
    {
        Entry[] entries =
        [
            Honest[0], Honest[1], Honest[2] with { AtMs = 1_000, ExpiresAtMs = 2_000 },
            new() { Seq = 4, Kind = EntryKind.Reserved, AtMs = 12_001, OperationId = Second, ReservationId = Second, HeldDeltaNanos = 1, HeldAfterNanos = 1, ExpiresAtMs = 13_000 },
        ];

        var findings = Run(entries, []);

        Assert.Equal((2, 1), (findings.OpenReservations, findings.OverdueReservations));
    }

    [Fact]
    public void A_gap_and_a_reservation_that_ends_twice_are_found()
    {
        Entry[] gap = [Honest[0], Honest[1], Honest[2] with { Seq = 4 }, Honest[3] with { Seq = 5 }];
        Assert.Equal(1, Run(gap, []).BrokenEntries);

        var again = Honest.Append(new Entry { Seq = 5, Kind = EntryKind.Released, OperationId = Third, ReservationId = First });
        Assert.Equal(1, Run(again, Told).BrokenEntries);
    }

    [Fact]
    public void Charges_that_nobody_was_told_of_show_in_the_sums() =>
        Assert.Equal(50, Run(Honest, [Told[0]]).SumDifferenceNanos);

    [Fact]
    public void An_expiry_charge_corrected_by_a_late_commit_adds_up()
    {
        Entry[] entries =
        [
            Honest[0], Honest[1], Honest[2],
            new() { Seq = 4, Kind = EntryKind.Expired, ReservationId = First, HeldDeltaNanos = -60, CommittedDeltaNanos = 60 },
            new() { Seq = 5, Kind = EntryKind.CommittedLate, OperationId = Second, ReservationId = First, CommittedDeltaNanos = -10, AmountNanos = 50, Final = true },
        ];
        var findings = Run(entries, [Told[0], Told[1] with { ChargedNanos = -10, Seq = 5 }]);

        Assert.True(findings.IsClean, string.Join('\n', findings.Examples));
        Assert.Equal(50, findings.CommittedNanos);
    }

    [Theory]
    [InlineData(50, 1)]
    [InlineData(51, 0)]
    public void A_cap_is_exhausted_when_less_than_the_smallest_request_is_left(long smallest, long unexhausted) =>
        Assert.Equal(unexhausted, JournalAudit.Run(Facts(Honest), Told, new Dictionary<int, long> { [0] = smallest }).Unexhausted);

    private static AuditFindings Run(IEnumerable<Entry> entries, IEnumerable<Answer> answers) =>
        JournalAudit.Run(Facts(entries), answers, new Dictionary<int, long>());

    private static IEnumerable<Fact> Facts(IEnumerable<Entry> entries) => entries.Select(entry => new Fact(0, entry));

    private static Entry Cap(long seq, long capNanos) => new()
    {
        Seq = seq,
        Kind = EntryKind.LimitsSet,
        OperationId = new OperationId(2, (ulong)seq),
        Limits = new LimitSet([new SpendLimit(SpendWindow.Life, capNanos)]),
    };
}
