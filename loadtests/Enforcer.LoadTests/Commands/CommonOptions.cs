using System.CommandLine;

namespace Enforcer.LoadTests.Commands;

/// <summary>Options that several commands share, so that they mean the same everywhere.</summary>
internal static class CommonOptions
{
    public static Option<FileInfo?> Json { get; } = new("--json") { Description = "Write every figure to this file" };

    public static Option<string?> Enforcer { get; } = new("--enforcer") { Description = "The enforcer program to start; default: the one of this build" };

    public static Option<Uri?> Server { get; } = Address(
        "--server", "Use a server that runs, by its gRPC address on the loopback interface, such as http://127.0.0.1:7070, instead of starting one");

    public static Option<Uri?> Http { get; } = Address("--http", "With --server: its HTTP address, such as http://127.0.0.1:7080, for memory figures");

    public static Option<string?> Token { get; } = new("--token") { Description = "With --server: an operator's or admin's token" };

    public static Option<DirectoryInfo?> Data { get; } = new("--data")
    {
        Description = "With --server: its data folder, for the audit. Otherwise: where to put data and answers, and to keep them",
    };

    public static Option<string?> Postgres { get; } = new("--postgres")
    {
        Description = "Keep the server's data in a PostgreSQL instead of a folder: an empty database as an Npgsql connection string, or 'own' for one that is started for this",
    };

    public static Option<int> Seed { get; } = new("--seed") { Description = "Decides every random draw", DefaultValueFactory = _ => 1 };

    public static Option<int> Edges { get; } = new("--edges") { Description = "Clients side by side", DefaultValueFactory = _ => 64 };

    public static Option<int> Depth { get; } = new("--depth")
    {
        Description = "Cycles that each edge on a session has in flight",
        DefaultValueFactory = _ => 16,
    };

    public static Option<int> Connections { get; } = new("--connections")
    {
        Description = "HTTP/2 connections that the edges share",
        DefaultValueFactory = _ => 2,
    };

    public static Option<Edges.EdgeMode> Mode { get; } = new("--mode")
    {
        Description = "unary calls, bare sessions, the SDK's session, or every other edge on a session",
        DefaultValueFactory = _ => LoadTests.Edges.EdgeMode.Session,
    };

    public static Option<Traffic.Spread> Spread { get; } = new("--spread")
    {
        Description = "How cycles are spread over accounts; hot: nine in ten on one account",
        DefaultValueFactory = _ => Traffic.Spread.Uniform,
    };

    public static Edges.FleetShape Shape(ParseResult parsed) => new(
        parsed.GetValue(Mode), parsed.GetValue(Edges), parsed.GetValue(Depth), Math.Min(parsed.GetValue(Connections), parsed.GetValue(Edges)));

    public static void AddServer(Command command)
    {
        command.Add(Enforcer);
        command.Add(Server);
        command.Add(Http);
        command.Add(Token);
        command.Add(Data);
        command.Add(Postgres);
    }

    /// <summary>The library makes no addresses of texts by itself.</summary>
    private static Option<Uri?> Address(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
                return address;
            result.AddError($"{name} '{text}' is no address; give one such as http://127.0.0.1:7070.");
            return null;
        },
    };

    public static void AddFleet(Command command)
    {
        command.Add(Mode);
        command.Add(Edges);
        command.Add(Depth);
        command.Add(Connections);
    }
}
