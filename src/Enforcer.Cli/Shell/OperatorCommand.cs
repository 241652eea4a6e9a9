using System.CommandLine;
using Enforcer.Cli.Connection;
using Enforcer.Cli.Rendering;
using Enforcer.Client;
using Google.Protobuf;

namespace Enforcer.Cli.Shell;

/// <summary>A command that asks a server, as the holder of a token.</summary>
internal abstract class OperatorCommand : CliCommand
{
    private readonly Option<bool> _json = new("--json") { Description = "Writes JSON, one value a line, for scripts." };

    protected OperatorCommand(Terminal terminal, string name, string description, params string[] examples)
        : base(terminal, name, description, examples) => Server = new ServerOptions(terminal);

    /// <summary>Which server, and as whom.</summary>
    protected ServerOptions Server { get; }

    /// <inheritdoc/>
    public override void AddShared()
    {
        Add(_json);
        Server.AddTo(this);
    }

    /// <summary>Whether the answer is for scripts.</summary>
    protected bool WantsJson(ParseResult parse) => parse.GetValue(_json);

    /// <summary>Does the work.</summary>
    protected abstract Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected sealed override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var address = Server.Address(parse);
        try
        {
            using var server = new EnforcerOperator(Server.Client(parse));
            return await RunAsync(server, parse, cancellationToken);
        }
        catch (EnforcerException failure)
        {
            throw new CliException(CallFailure.Describe(failure, address));
        }
    }

    /// <summary>Writes an answer: as one line of JSON, or in words.</summary>
    protected void Answer(ParseResult parse, IMessage message, Action inWords)
    {
        if (WantsJson(parse))
            Terminal.Out.WriteLine(ProtoJson.Line(message));
        else
            inWords();
    }
}
