using Enforcer.Cli.Shell;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Rendering;

/// <summary>Keys in words.</summary>
internal static class KeyText
{
    /// <summary>Writes a secret that was just made, alone on its line so that a double click takes it whole.</summary>
    public static void WriteSecret(Terminal terminal, CreateKeyResponse created)
    {
        terminal.Line(terminal.Dress(created.Secret, Paint.Bold));
        terminal.Note("This is the secret for the customer, shown this once.");
        terminal.Line($"  {"key",-12} {created.Key.KeyId}");
        terminal.Line($"  {"account",-12} {created.Key.Account}");
        if (created.Key.Label.Length > 0)
            terminal.Line($"  {"label",-12} {CleanText.Of(created.Key.Label)}");
    }

    /// <summary>Writes keys as a table.</summary>
    public static void Write(Terminal terminal, IEnumerable<KeyView> keys)
    {
        var table = new Table("KEY", "ACCOUNT", "SECRET", "STATE", "CREATED", "LABEL");
        var nowMs = terminal.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var key in keys)
            table.Add(key.KeyId, key.Account, key.ShownPrefix + "…", State(key, nowMs), TimeText.Of(key.CreatedAtMs), key.Label);
        if (table.IsEmpty)
            terminal.Note("There is no key yet. Make one: enforcer keys create --cap '$5' --rpm 600");
        else
            table.Write(terminal);
    }

    private static string State(KeyView key, long nowMs)
    {
        if (key.RevokedAtMs != 0)
            return "revoked";
        if (key.ExpiresAtMs == 0)
            return "good";
        return key.ExpiresAtMs <= nowMs ? "expired" : $"good until {TimeText.Of(key.ExpiresAtMs)}";
    }
}
