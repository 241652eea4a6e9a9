using Enforcer.Cli;
using Enforcer.Cli.Shell;

return await EnforcerCli.RunAsync(args, Terminal.OfProcess());
