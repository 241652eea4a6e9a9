using System.CommandLine;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Commands;

/// <summary><c>hammer</c>: edges in a closed loop, as fast as they get answers or at a rate.</summary>
internal static class HammerCommand
{
    private static readonly Option<int> Accounts = new("--accounts") { Description = "Accounts to spend from", DefaultValueFactory = _ => 10_000 };

    private static readonly Option<long> Operations = new("--operations")
    {
        Description = "About how many operations to ask for; 0: until --seconds are over. Caps need it",
        DefaultValueFactory = _ => 1_000_000,
    };

    private static readonly Option<int> Seconds = new("--seconds") { Description = "At most how long", DefaultValueFactory = _ => 600 };

    private static readonly Option<double> CapShare = new("--cap-share")
    {
        Description = "Each account's cap as a share of the demand on it; 0: caps that are never reached",
        DefaultValueFactory = _ => 0.5,
    };

    private static readonly Option<double> CapChanges = new("--cap-changes") { Description = "Changes of a random account's cap per second" };

    private static readonly Option<int> Release = new("--release") { Description = "Percent of granted cycles that are released" };

    private static readonly Option<int> Expire = new("--expire") { Description = "Percent of granted cycles that are abandoned and expire" };

    private static readonly Option<double> Rate = new("--rate") { Description = "Cycles per second over all edges; 0: as fast as possible" };

    private static readonly Option<bool> NoAudit = new("--no-audit") { Description = "Note no answers and audit nothing: for speed alone" };

    public static Command Create()
    {
        var command = new Command("hammer", """
            Reserves and commits in a closed loop

            Examples:
              hammer --accounts 1 --cap-changes 20 --json hot.json
              hammer --accounts 10000 --release 10 --expire 1 --operations 2000000
              hammer --mode unary --operations 0 --seconds 30 --cap-share 0 --no-audit
            """) { Accounts, Operations, Seconds, CapShare, CapChanges, Release, Expire, Rate, NoAudit, CommonOptions.Spread, CommonOptions.Seed, CommonOptions.Json };
        CommonOptions.AddFleet(command);
        CommonOptions.AddServer(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var plan = new HammerPlan(
            new AccountPicker(parsed.GetValue(CommonOptions.Spread), parsed.GetValue(Accounts)),
            new HammerMix(parsed.GetValue(Release), parsed.GetValue(Expire)),
            CommonOptions.Shape(parsed),
            parsed.GetValue(Operations),
            TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
            parsed.GetValue(CapShare),
            parsed.GetValue(CapChanges),
            parsed.GetValue(Rate),
            IsAudited: !parsed.GetValue(NoAudit),
            parsed.GetValue(CommonOptions.Seed));
        var report = new Report("hammer");
        await using var arena = await Arena.OpenAsync(parsed, plan.Picker.Accounts, plan.CapNanos, cancellation).ConfigureAwait(false);
        return await Reporting.RunAsync(parsed, report, () => arena.ServerOutput, () => new HammerRun(plan, arena, report).RunAsync(cancellation))
            .ConfigureAwait(false);
    }
}
