namespace Enforcer.LoadTests.Audit;

/// <summary>What an audit found. Clean means: nothing here but the counts of what was looked at.</summary>
internal sealed class AuditFindings
{
    private const int KeptExamples = 20;

    private readonly List<string> _examples = [];

    public long Entries { get; set; }

    public long Answers { get; set; }

    public long Accounts { get; set; }

    /// <summary>The greatest excess of committed + held over what the cap allowed, over all entries.</summary>
    public long OverspendNanos { get; set; }

    /// <summary>Granted answers of which the journal knows nothing, or something else.</summary>
    public long LostAnswers { get; set; }

    /// <summary>Operations that took effect more than once, or although they were refused.</summary>
    public long DoubleEffects { get; set; }

    /// <summary>
    /// Reservations that an earlier copy of a command made after a later one had been refused: a refusal has no effect and may be tried again under its id, and a copy that was
    /// held up on its way is such a try. Nobody spends from them; they end by time.
    /// </summary>
    public long LateCopies { get; set; }

    /// <summary>Entries that contradict the account's own history: gaps, sums, reservations that end twice.</summary>
    public long BrokenEntries { get; set; }

    /// <summary>Accounts with money still held, or with more headroom than their smallest request.</summary>
    public long Unexhausted { get; set; }

    /// <summary>Nanos by which the clients' sums differ from the journal's, over all accounts.</summary>
    public long SumDifferenceNanos { get; set; }

    /// <summary>Reservations that the journal leaves open at its end.</summary>
    public long OpenReservations { get; set; }

    /// <summary>Those of them whose time was over ten seconds before its last entry.</summary>
    public long OverdueReservations { get; set; }

    public long CommittedNanos { get; set; }

    public IReadOnlyList<string> Examples => _examples;

    public bool IsClean =>
        OverspendNanos == 0 && LostAnswers == 0 && DoubleEffects == 0 && BrokenEntries == 0 && Unexhausted == 0 && SumDifferenceNanos == 0;

    public void Example(string text)
    {
        if (_examples.Count < KeptExamples)
            _examples.Add(text);
    }
}
