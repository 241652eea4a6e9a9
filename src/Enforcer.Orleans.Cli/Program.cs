using Enforcer.Cli;
using Enforcer.Cli.Commands;
using Enforcer.Cli.Shell;
using Enforcer.Orleans.Cli;

return await EnforcerCli.RunAsync(args, Terminal.OfProcess(), new ClusterPlans { ["orleans"] = options => new OrleansPlan(options) });
