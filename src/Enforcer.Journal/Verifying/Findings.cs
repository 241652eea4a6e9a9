namespace Enforcer.Journal.Verifying;

/// <summary>Counts everything that is wrong and keeps the first of it.</summary>
internal sealed class Findings
{
    private const int Kept = 1_000;
    private readonly List<VerifyFinding> _first = [];

    public long Count { get; private set; }

    public IReadOnlyList<VerifyFinding> First => _first;

    public void Add(long batch, long account, long seq, string what)
    {
        Count++;
        if (_first.Count < Kept) _first.Add(new VerifyFinding(batch, account, seq, what));
    }

    public void Add(JournalCorruptException e) => Add(e.Batch, e.Account, e.Seq, e.Message);
}
