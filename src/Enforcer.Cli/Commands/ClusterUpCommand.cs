using System.CommandLine;
using Enforcer.Access;
using Enforcer.Cli.Connection;
using Enforcer.Cli.Local;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enforcer.Cli.Commands;

/// <summary><c>cluster up</c>: a whole cluster on this machine, for trying things out, until it is told to stop.</summary>
internal sealed class ClusterUpCommand : CliCommand
{
    private const int MaxNodes = 16;

    private readonly Option<int> _nodes = new("--nodes") { Description = $"How many nodes: 1 to {MaxNodes}.", HelpName = "N", DefaultValueFactory = static _ => 3 };
    private readonly Option<string> _folder = new("--folder")
    {
        Description = "The folder for the database and the nodes' logs; made if it does not exist, and kept for the next time.",
        HelpName = "DIR",
        DefaultValueFactory = static _ => "./enforcer-cluster",
    };

    private readonly Option<string?> _postgres = PostgresOption.Create("Uses a PostgreSQL that runs, instead of starting one of this machine's package in the folder.");
    private readonly Option<bool> _login = CliOption.Switch("--login", "On the first start, also stores the admin token for this user's CLI, as 'enforcer login' does.");

    public ClusterUpCommand(Terminal terminal)
        : base(
            terminal, "up", "Starts a PostgreSQL and several nodes on this machine, on free ports. Ctrl-C stops them all; the data stays.",
            "enforcer cluster up --nodes 3",
            "enforcer cluster up --nodes 2 --folder /var/tmp/try --login")
    {
        Add(_nodes);
        Add(_folder);
        Add(_postgres);
        Add(_login);
        CliOption.Rule(this, result =>
        {
            if (result.GetResult(_nodes) is { Implicit: false } && result.GetValue(_nodes) is var nodes and (< 1 or > MaxNodes))
                result.AddError($"--nodes: {nodes} is not 1 to {MaxNodes}.");
        });
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(parse.GetRequiredValue(_folder));
        Directory.CreateDirectory(folder);
        // Whoever came second would stop the first one's database when it ends.
        using var mine = FolderLock.Take(folder);
        var named = parse.GetValue(_postgres) ?? Terminal.Variable(PostgresOption.Variable);
        await using var own = string.IsNullOrEmpty(named) ? await LocalPostgres.StartAsync(Path.Combine(folder, "postgres"), cancellationToken) : null;
        var postgres = own?.ConnectionString ?? named!;
        var token = await FirstTokenAsync(postgres, cancellationToken);
        var nodes = new List<NodeProcess>();
        var isShown = token is null;
        try
        {
            for (var i = 1; i <= parse.GetValue(_nodes); i++)
            {
                var log = Path.Combine(folder, $"node-{i}.log");
                nodes.Add(await NodeProcess.StartAsync($"node-{i}", postgres, log, Terminal.Clock, cancellationToken));
            }
            Greet(nodes, own?.ConnectionString);
            Hand(token, nodes[0], parse.GetValue(_login));
            isShown = true;
            await Terminal.Out.FlushAsync(cancellationToken);
            await WatchAsync(nodes, cancellationToken);
        }
        finally
        {
            // Nobody gets it again, whatever became of the nodes.
            if (!isShown)
                Terminal.Line($"The admin token, shown this once: {token}");
            Terminal.Note("Stopping: calls under way are answered, everything is made durable.");
            await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
        }
        return ExitCode.Ok;
    }

    /// <summary>The nodes would each show it to nobody; null if there is one already.</summary>
    private async Task<string?> FirstTokenAsync(string postgres, CancellationToken cancellationToken)
    {
        try
        {
            var options = new PostgresOptions { ConnectionString = postgres, Node = "cluster-up" };
            await using var directory = await PostgresDirectory.OpenAsync(options, new DirectoryOptions(), Terminal.Clock, NullLogger.Instance, cancellationToken);
            using var authenticator = new Authenticator(directory.Tokens, Terminal.Clock, new CredentialCacheOptions());
            var tokens = new TokenIssuer(directory.Tokens, authenticator, Terminal.Clock, SystemSecretSource.Instance);
            return (await tokens.CreateFirstAsync(cancellationToken))?.Credential.Reveal();
        }
        catch (Exception failure) when (failure is DirectoryException or ArgumentException)
        {
            throw new CliException(failure.Message);
        }
    }

    private void Greet(List<NodeProcess> nodes, string? postgres)
    {
        Terminal.Line(Terminal.Dress("The cluster is ready.", Paint.Green));
        if (postgres is not null)
            Terminal.Line($"PostgreSQL: {postgres}");
        Terminal.Line();
        var table = new Table("NODE", "GRPC", "HTTP");
        foreach (var node in nodes)
            table.Add(node.Name, node.Grpc, node.Http);
        table.Write(Terminal);
    }

    private void Hand(string? token, NodeProcess first, bool isStored)
    {
        Terminal.Line();
        if (token is null)
        {
            Terminal.Line("The admin token was shown at the first start.");
            return;
        }
        Terminal.Line("The admin token, shown this once:");
        Terminal.Line();
        Terminal.Line(Terminal.Dress(token, Paint.Bold));
        Terminal.Line();
        if (isStored)
            new LoginStore(Terminal).Save(new Uri($"http://{first.Grpc}"), token);
        else
            Terminal.Line($"Store it for your CLI with 'enforcer login --server {first.Grpc}'. Then, in another terminal:");
        Terminal.Line($"  enforcer keys create --cap '$5' --rpm 600 --server {first.Grpc}");
    }

    /// <summary>Until Ctrl-C, or until no node is left. One that dies is started again at its addresses, as a service manager would; the others go on.</summary>
    private async Task WatchAsync(List<NodeProcess> nodes, CancellationToken cancellationToken)
    {
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        while (nodes.Count > 0)
        {
            var ended = await Task.WhenAny(nodes.Select(node => node.Ended).Append(stopped));
            if (ended == stopped)
                return;
            var index = nodes.FindIndex(node => node.Ended == ended);
            Terminal.Note($"{nodes[index].Name} has ended, and is started again; see {nodes[index].LogFile}.");
            await nodes[index].DisposeAsync();
            try
            {
                nodes[index] = await nodes[index].StartAgainAsync(Terminal.Clock, cancellationToken);
            }
            catch (CliException failure)
            {
                Terminal.Note(failure.Message);
                nodes.RemoveAt(index);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Ctrl-C while a node was coming up is an end like any other.
                return;
            }
        }
        throw new CliException("no node is left; see their logs.");
    }
}
