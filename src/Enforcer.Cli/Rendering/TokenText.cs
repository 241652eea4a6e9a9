using Enforcer.Cli.Shell;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Rendering;

/// <summary>Tokens in words.</summary>
internal static class TokenText
{
    /// <summary>One word for a role, as <c>--role</c> takes it.</summary>
    public static string Role(Role role) => role.ToString().ToLowerInvariant();

    /// <summary>Writes tokens as a table.</summary>
    public static void Write(Terminal terminal, IEnumerable<TokenView> tokens)
    {
        var table = new Table("TOKEN", "ROLE", "SECRET", "STATE", "CREATED", "LABEL");
        foreach (var token in tokens)
        {
            table.Add(
                token.TokenId, Role(token.Role), token.ShownPrefix + "…", token.RevokedAtMs == 0 ? "good" : "revoked",
                TimeText.Of(token.CreatedAtMs), token.Label);
        }
        table.Write(terminal);
    }
}
