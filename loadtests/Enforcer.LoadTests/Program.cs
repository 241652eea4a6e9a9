using System.CommandLine;
using Enforcer.LoadTests.Commands;

var root = new RootCommand("Load tests of Enforcer: real traffic, hammering, crashes, comparisons, and an audit of every answer. Loopback only.")
{
    ReplayCommand.Create(),
    HammerCommand.Create(),
    AuditCommand.Create(),
    CrashCommand.Create(),
    ColdCommand.Create(),
    CompareCommand.Create(),
    EmptyServerCommand.Create(),
    JournalCommand.Create(),
    GatewayCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
