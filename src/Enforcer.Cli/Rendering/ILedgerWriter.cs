using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Rendering;

/// <summary>Writes entries as they come; nothing is kept, so a ledger of any length can be written.</summary>
internal interface ILedgerWriter
{
    /// <summary>What stands before the first entry.</summary>
    void Begin();

    /// <summary>One entry.</summary>
    void Write(LedgerEntry entry);
}
