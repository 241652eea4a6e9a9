using Enforcer.Ledger.Commands;

namespace Enforcer.Simulation.Checking;

/// <summary>One operation that a client asks for, however often it has to ask.</summary>
internal sealed class Call(long account, Command command, long toldBefore, long askedAt)
{
    public long Account { get; } = account;

    public Command Command { get; } = command;

    /// <summary>The latest state of the account that anybody was told of before this was asked for the first time.</summary>
    public long ToldBefore { get; } = toldBefore;

    public long AskedAt { get; } = askedAt;

    public int Attempts { get; set; }
}
