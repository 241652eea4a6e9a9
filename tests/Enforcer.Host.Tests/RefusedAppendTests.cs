using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Limits;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enforcer.Host.Tests;

/// <summary>A command is decided before it is appended; where the append is refused, nothing of the decision may stay.</summary>
public sealed class RefusedAppendTests
{
    [Fact]
    public async Task Account_goes_on_from_what_is_durable()
    {
        await using var test = await TestHost.StartAsync();
        await test.OpenAsync(1, 100);
        var journal = new RefusingJournal(test.Journal);
        using var host = new AccountHost(
            journal, test.Reader, LedgerOptions.Default, new HostOptions(), WindowCalendar.Utc, test.Clock, NullLogger<AccountHost>.Instance);
        Assert.Equal(0, (await host.ReadAsync(1)).HeldNanos);
        var reserve = test.Reserve(60);

        journal.RefusesNext = true;
        Assert.Throws<JournalUnavailableException>(() => host.Start(1, reserve));
        Assert.Equal(0, (await host.ReadAsync(1)).HeldNanos);

        var granted = await host.ExecuteAsync(1, reserve);
        Assert.Equal((Refusal.Granted, 40), (granted.Refusal, granted.HeadroomNanos));
    }
}
