using System.CommandLine;
using Enforcer.Cli.Shell;
using Enforcer.Client;

namespace Enforcer.Cli.Connection;

/// <summary>The options of every command that talks to a server: which one, and as whom.</summary>
internal sealed class ServerOptions
{
    /// <summary>Names the server where <c>--server</c> does not.</summary>
    public const string AddressVariable = "ENFORCER_SERVER";

    /// <summary>Holds the token where <c>--token</c> does not.</summary>
    public const string TokenVariable = "ENFORCER_TOKEN";

    private readonly Terminal _terminal;
    private readonly Option<Uri?> _server = new("--server")
    {
        Description = $"The server's gRPC address. [default: {AddressVariable}, or 127.0.0.1:7070]",
        HelpName = "HOST:PORT",
        CustomParser = static result =>
        {
            if (ServerAddress.TryParse(result.Tokens[0].Value, out var address, out var problem))
                return address;
            result.AddError($"--server: {problem}");
            return null;
        },
    };
    private readonly Option<string?> _token = new("--token")
    {
        Description = $"The token to act with. [default: {TokenVariable}, or what 'enforcer login' stored]",
        HelpName = "TOKEN",
    };

    public ServerOptions(Terminal terminal) => _terminal = terminal;

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_server);
        command.Add(_token);
    }

    /// <summary>Whether the command line or the environment names the server.</summary>
    public bool IsNamed(ParseResult parse) => parse.GetValue(_server) is not null || !string.IsNullOrEmpty(_terminal.Variable(AddressVariable));

    /// <summary>Which server.</summary>
    public Uri Address(ParseResult parse)
    {
        if (parse.GetValue(_server) is { } named)
            return named;
        var variable = _terminal.Variable(AddressVariable);
        if (string.IsNullOrEmpty(variable))
            return ServerAddress.Default;
        return ServerAddress.TryParse(variable, out var address, out var problem)
            ? address
            : throw new CliException($"{AddressVariable}: {problem}", ExitCode.Usage);
    }

    /// <summary>The token to act with, or null where there is none.</summary>
    public string? FindToken(ParseResult parse) => Named(parse) ?? new LoginStore(_terminal).Find(Address(parse));

    /// <summary>The token that the command line or the environment names, or null.</summary>
    public string? Named(ParseResult parse)
    {
        var token = parse.GetValue(_token) ?? _terminal.Variable(TokenVariable);
        return string.IsNullOrWhiteSpace(token) ? null : token.Trim();
    }

    /// <summary>The token to act with.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public string Token(ParseResult parse) => FindToken(parse) ?? throw new CliException(
        $"no token for {Address(parse).Authority}. The server prints one at its first start: store it with 'enforcer login', " +
        $"or set {TokenVariable}, or pass --token.");

    /// <summary>What the SDK needs to know.</summary>
    /// <exception cref="CliException">There is no token, or none that could be one.</exception>
    public EnforcerClientOptions Client(ParseResult parse) => ClientFor(Address(parse), Token(parse), _terminal.Clock);

    /// <summary>What the SDK needs to know to act with a token. A person waits, so it tries again only briefly.</summary>
    public static EnforcerClientOptions ClientFor(Uri address, string token, TimeProvider clock)
    {
        if (token.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new CliException("the token holds spaces or characters outside ASCII. Copy it as it was shown, without quotes.", ExitCode.Usage);
        return new() { Endpoints = [address.GetLeftPart(UriPartial.Authority)], Token = token, MaxRetries = 3, TimeProvider = clock };
    }
}
