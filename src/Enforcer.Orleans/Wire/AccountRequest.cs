using Enforcer.Ledger.Commands;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Orleans;

/// <summary>What an account is asked: one command or one question.</summary>
/// <param name="Account">The account's number.</param>
/// <param name="Command">The command, if there is no question.</param>
/// <param name="Question">The question, or null.</param>
internal readonly record struct AccountRequest(long Account, Command Command, V1.NodeQuestion? Question);
