namespace Enforcer.Ledger.Tests.Model;

/// <summary>
/// What the facts about one reservation amount to, by definition: what it holds, what stands booked on it and how many tokens
/// it has taken. Every rule of settlement is one line here.
/// </summary>
internal sealed class NaiveReservation
{
    private long _early, _earlyTokens, _late, _lateTokens, _rest, _restTokens, _reversed;
    private bool _isReported;

    public NaiveReservation(IEnumerable<Fact> facts)
    {
        foreach (var fact in facts) Add(fact);
    }

    public bool Exists => Made is not null;

    public Fact? Made { get; private set; }

    public long ExpiresAtMs { get; private set; }

    public FactKind? End { get; private set; }

    /// <summary>True once a late commit was final.</summary>
    public bool IsReported => End == FactKind.Expired && _isReported;

    public bool IsOpen => Exists && End is null;

    public long Held => IsOpen ? _rest : 0;

    public long HeldTokens => IsOpen ? _restTokens : 0;

    /// <summary>Real cost as reported; until a final report, an expired hold that was charged counts at least in full.</summary>
    public long Booked => Math.Max(0, _early + (End == FactKind.Expired ? Late(_late, _rest) : 0) - _reversed);

    public long TakenTokens => _earlyTokens + End switch
    {
        null => _restTokens,
        FactKind.Expired => Late(_lateTokens, _restTokens),
        _ => 0,
    };

    /// <summary>A request slot returns only if nothing says that the call was made.</summary>
    public long TakenRequests => End switch
    {
        FactKind.Released => HasPart ? 1 : 0,
        FactKind.Expired => HasPart || IsCharged ? 1 : 0,
        _ => 1,
    };

    private bool HasPart { get; set; }

    private bool IsCharged { get; set; }

    private long Late(long reported, long rest) => _isReported || !IsCharged ? reported : Math.Max(reported, rest);

    private void Add(Fact fact)
    {
        switch (fact.Kind)
        {
            case FactKind.Reserved:
                Made = fact;
                (_rest, _restTokens, ExpiresAtMs) = (fact.Nanos, fact.Tokens, fact.ExpiresAtMs);
                break;
            case FactKind.Extended:
                (_rest, _restTokens, ExpiresAtMs) = (_rest + fact.Nanos, _restTokens + fact.Tokens, fact.ExpiresAtMs);
                break;
            case FactKind.Committed when End is null:
                (_early, _earlyTokens) = (_early + fact.Nanos, _earlyTokens + fact.Tokens);
                (_rest, _restTokens) = (Math.Max(0, _rest - fact.Nanos), Math.Max(0, _restTokens - fact.Tokens));
                HasPart = true;
                if (fact.IsFinal) End = FactKind.Committed;
                break;
            case FactKind.Committed:
                (_late, _lateTokens, _isReported) = (_late + fact.Nanos, _lateTokens + fact.Tokens, fact.IsFinal);
                break;
            case FactKind.Reversed:
                _reversed += fact.Nanos;
                break;
            default:
                End = fact.Kind;
                IsCharged = fact.IsCharged;
                break;
        }
    }
}
