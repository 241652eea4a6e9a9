using System.Diagnostics;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Edges;

/// <summary>One of the cycles that an edge has in flight on its session.</summary>
internal sealed class SessionSlot(int number)
{
    public int Number => number;

    /// <summary>False between cycles: nothing is awaited.</summary>
    public bool IsBusy { get; set; }

    public Cycle Cycle { get; set; }

    /// <summary>The command in flight.</summary>
    public EdgeCommand Command { get; set; }

    /// <summary>It was sent more than once, or may have been: an earlier copy may still be on its way.</summary>
    public bool WasResent { get; set; }

    /// <summary>How the cycle's reservation was answered.</summary>
    public EdgeAnswer Reserved { get; set; }

    public long SentAt { get; set; }

    public long NanosSinceSent => Stopwatch.GetElapsedTime(SentAt).Ticks * 100;
}
