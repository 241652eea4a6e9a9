using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Rendering;

/// <summary>The ledger as JSON lines.</summary>
internal sealed class LedgerJson(TextWriter output) : ILedgerWriter
{
    public void Begin()
    {
        // Each line stands alone.
    }

    public void Write(LedgerEntry entry) => output.WriteLine(ProtoJson.Line(entry));
}
