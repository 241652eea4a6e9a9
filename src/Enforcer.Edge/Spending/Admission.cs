using System.Diagnostics.CodeAnalysis;
using Enforcer.Edge.Protocols;

namespace Enforcer.Edge.Spending;

/// <summary>The answer to a Reserve: money is held, or a problem says why not.</summary>
internal readonly record struct Admission(Held? Held, Problem? Problem)
{
    [MemberNotNullWhen(true, nameof(Held))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsGranted => Held is not null;
}
