using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Tests.Support;

/// <summary>Accounts for tests.</summary>
internal static class Accounts
{
    public const long Dollar = 1_000_000_000;

    /// <summary>acme: $5 for life of which $1.20 is committed and $0.30 held, $1 a day in Berlin, 600 requests a minute.</summary>
    public static AccountView Acme() => new()
    {
        Account = "acme",
        Unit = "USD",
        Status = AccountStatus.Active,
        CommittedNanos = 1_200_000_000,
        HeldNanos = 300_000_000,
        OpenReservations = 2,
        SpendLimits =
        {
            new SpendLimitView
            {
                Limit = new SpendLimit { Window = SpendWindow.Life, CapNanos = 5 * Dollar },
                CommittedNanos = 1_200_000_000,
                HeldNanos = 300_000_000,
                HeadroomNanos = 3_500_000_000,
            },
            new SpendLimitView
            {
                Limit = new SpendLimit { Window = SpendWindow.Day, CapNanos = Dollar, Zone = "Europe/Berlin" },
                CommittedNanos = 200_000_000,
                HeldNanos = 300_000_000,
                HeadroomNanos = 500_000_000,
                WindowStartMs = 1_763_679_600_000,
                WindowEndMs = 1_763_766_000_000,
            },
        },
        Requests = new RateView { PerMinute = 600, Burst = 600, Available = 598 },
        Concurrency = 10,
        Seq = 42,
        OnExpiry = ExpiryPolicy.Charge,
    };

    /// <summary>The answer to a change that was made.</summary>
    public static ChangeResponse Changed(AccountView? account = null) =>
        new() { Outcome = new Outcome { Seq = 43 }, Account = account ?? Acme() };

    /// <summary>A key of acme.</summary>
    public static KeyView Key() => new()
    {
        KeyId = "key_1",
        Account = "acme",
        Label = "production",
        ShownPrefix = "enf_live_abcd",
        CreatedAtMs = 1_763_700_000_000,
    };
}
