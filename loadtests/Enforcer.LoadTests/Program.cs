using System.CommandLine;
using Enforcer.LoadTests.Chaos;
using Enforcer.LoadTests.Commands;

var root = new RootCommand("Load tests of Enforcer: real traffic, hammering, crashes, comparisons, and an audit of every answer. Loopback only.")
{
    ReplayCommand.Create(),
    HammerCommand.Create(),
    AuditCommand.Create(),
    CrashCommand.Create(),
    ChaosCommand.Create(),
    HandoverCommand.Create(),
    ColdCommand.Create(),
    CompareCommand.Create(),
    ScaleCommand.Create(),
    EmptyServerCommand.Create(),
    JournalCommand.Create(),
    GatewayCommand.Create(),
};

// On Ctrl-C a test ends what it has started before it ends itself; that takes longer than the two seconds it would be given.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
