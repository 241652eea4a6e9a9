namespace Enforcer.Edge.Protocols;

/// <summary>Reads nothing: the price does not depend on the answer.</summary>
internal sealed class FlatTally : AnswerTally
{
    public override EventFate OnEvent(ReadOnlySpan<byte> data) => EventFate.Pass;

    public override void OnWhole(ReadOnlySpan<byte> body)
    {
    }

    public override string Ending() => "";
}
