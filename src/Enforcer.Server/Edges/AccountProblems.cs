using Enforcer.Access;

namespace Enforcer.Server.Edges;

/// <summary>The words for an account that a command does not name well.</summary>
internal static class AccountProblems
{
    public const string Missing = "account is missing; give account.account (its id) or account.key (the customer's key).";

    public const string WrongForm = "account.account is not " + DirectoryRules.AccountIdRule + "; give the account's id.";
}
