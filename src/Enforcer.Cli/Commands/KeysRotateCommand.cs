using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>keys rotate</c>: a new secret, while the old one still works.</summary>
internal sealed class KeysRotateCommand : OperatorCommand
{
    private readonly Argument<string> _key = CliOption.Required("KEY", "The id of the key to replace.");
    private readonly Option<TimeSpan?> _overlap =
        CliOption.One<TimeSpan>("--overlap", "How long the old secret works on. [default: 24h]", "TIME", ValueParsers.Duration);

    public KeysRotateCommand(Terminal terminal)
        : base(
            terminal, "rotate", "Makes a successor of a key; the old secret works on for a while.",
            "enforcer keys rotate key_0v3… --overlap 1h")
    {
        Add(_key);
        Add(_overlap);
        CliOption.Rule(this, result =>
        {
            if (result.GetValue(_overlap) == TimeSpan.Zero)
                result.AddError("--overlap: it is 1ms or more. To end a key at once: enforcer keys revoke.");
        });
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var request = new RotateKeyRequest
        {
            KeyId = parse.GetRequiredValue(_key),
            OverlapMs = (long)(parse.GetValue(_overlap) ?? TimeSpan.Zero).TotalMilliseconds,
        };
        var created = await server.RotateKeyAsync(request, cancellationToken);
        Answer(parse, created, () =>
        {
            KeyText.WriteSecret(Terminal, created);
            var overlap = request.OverlapMs == 0 ? "24 h" : TimeText.Length(request.OverlapMs);
            Terminal.Note($"The old secret of {request.KeyId} works on for {overlap}.");
        });
        return ExitCode.Ok;
    }
}
