using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Enforcer.Cli.Commands;
using Enforcer.Cli.Shell;

namespace Enforcer.Cli;

/// <summary>The whole command line: the tree of commands, and what becomes of what they return or throw.</summary>
internal static class EnforcerCli
{
    private static readonly string[] Tour =
    [
        "enforcer serve --login                       # a server here; stores its admin token for you",
        "enforcer keys create --cap '$5' --rpm 600    # a key that can spend five dollars",
        "enforcer try enf_live_… --amount '$0.01'     # reserve and commit a cent with it",
        "enforcer watch                               # see it happen",
    ];

    // A server that is told to stop first answers what is under way.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="terminal">Its surroundings.</param>
    /// <param name="cancellationToken">Ends it early, as Ctrl-C does.</param>
    /// <returns>0 done, 1 refused or failed, 2 the command line is wrong.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellationToken = default) =>
        RunAsync(args, terminal, [], cancellationToken);

    /// <summary>The same in a build that knows other clusters than the built-in nodes.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, ClusterPlans plans, CancellationToken cancellationToken = default)
    {
        var parse = Build(terminal, plans).Parse(args.Count == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = Patience,
        };
        if (parse.Errors.Count > 0 && parse.Action is not HelpWithExamples)
            return Refuse(parse, terminal);
        try
        {
            return await parse.InvokeAsync(configuration, cancellationToken);
        }
        catch (CliException failure)
        {
            terminal.Fail(failure.Message);
            return failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            terminal.Fail("stopped before it was done.");
            return ExitCode.Failed;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            terminal.Fail(failure.Message);
            return ExitCode.Failed;
        }
    }

    /// <summary>The tree of commands.</summary>
    internal static RootCommand Build(Terminal terminal) => Build(terminal, []);

    /// <summary>The same in a build that knows other clusters than the built-in nodes.</summary>
    internal static RootCommand Build(Terminal terminal, ClusterPlans plans)
    {
        var root = new RootCommand("Enforcer holds spending caps for LLM and API keys, exactly: reserve before a call, commit after it.")
        {
            new ServeCommand(terminal, plans),
            new EdgeCommand(terminal),
            new CommandGroup("cluster", "Several nodes on one PostgreSQL.", new ClusterUpCommand(terminal), new ArchiveCommand(terminal)),
            new CommandGroup(
                "keys", "Keys that customers present.",
                new KeysCreateCommand(terminal), new KeysListCommand(terminal), new KeysShowCommand(terminal),
                new KeysRotateCommand(terminal), new KeysRevokeCommand(terminal)),
            new CommandGroup(
                "accounts", "Accounts: their limits and balances.",
                new AccountsListCommand(terminal), new AccountsShowCommand(terminal), new AccountsCreateCommand(terminal),
                new AccountsSetLimitsCommand(terminal), new AccountsSetPlanCommand(terminal), new AccountsTopUpCommand(terminal), new AccountsSuspendCommand(terminal),
                new AccountsResumeCommand(terminal), new AccountsCloseCommand(terminal), new AccountsReverseCommand(terminal)),
            new CommandGroup(
                "tokens", "Tokens of edges and operators.",
                new TokensCreateCommand(terminal), new TokensListCommand(terminal), new TokensRevokeCommand(terminal)),
            new CommandGroup(
                "prices", "What models cost: versions of the price book.",
                new PricesImportCommand(terminal), new PricesListCommand(terminal), new PricesShowCommand(terminal), new PricesDiffCommand(terminal),
                new PricesSetCommand(terminal)),
            new CommandGroup("plans", "What customers pay: rules on top of the cost.", new PlansSetCommand(terminal), new PlansListCommand(terminal)),
            new TryCommand(terminal),
            new WatchCommand(terminal),
            new LedgerCommand(terminal),
            new NodesCommand(terminal),
            new DrainCommand(terminal),
            new ExplainCommand(terminal),
            new StatementCommand(terminal),
            new LoginCommand(terminal),
            new LogoutCommand(terminal),
            new HealthCommand(terminal),
            new VerifyCommand(terminal),
            new BackupCommand(terminal),
        };
        foreach (var command in root.Subcommands.SelectMany(child => child.Subcommands.Prepend(child)).OfType<CliCommand>())
            command.AddShared();
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!, Tour);
        return root;
    }

    private static int Refuse(ParseResult parse, Terminal terminal)
    {
        foreach (var problem in parse.Errors.Select(error => error.Message).Distinct())
            terminal.Fail(UsageProblem.Explain(problem, parse));
        terminal.Note($"See '{UsageProblem.PathOf(parse.CommandResult)} --help'.");
        return ExitCode.Usage;
    }
}
