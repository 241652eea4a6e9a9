using System.Globalization;
using Enforcer.Cli.Tests.Support;
using Enforcer.Protocol.V1;
using Google.Protobuf;

namespace Enforcer.Cli.Tests.Commands;

public sealed class LedgerTests
{
    private const string Id = "01934c1e-7a00-7000-8000-00000000a001";

    [Fact]
    public async Task Filters_are_sent()
    {
        await using var server = await StartAsync();
        using var cli = Support.Cli.For(server);
        (await cli.RunAsync(
            "ledger", "acme", "--from", "2026-11-01", "--to", "2026-11-02T00:00Z", "--kind", "committed", "--kind", "late-commit", "--model", "gpt-5.5*",
            "--operation", Id, "--reservation", Id, "--limit", "7", "--ascending")).Succeeded();
        var id = ByteString.CopyFrom(Guid.Parse(Id).ToByteArray(bigEndian: true));
        Assert.Equal(
            new QueryLedgerRequest
            {
                Account = "acme",
                FromMs = Ms("2026-11-01"),
                ToMs = Ms("2026-11-02"),
                Kinds = { EntryKind.ReservationCommitted, EntryKind.CommittedLate },
                ModelPattern = "gpt-5.5*",
                OperationId = id,
                ReservationId = id,
                Limit = 7,
                Ascending = true,
            },
            server.Single<QueryLedgerRequest>());
    }

    [Fact]
    public async Task A_table_for_people()
    {
        await using var server = await StartAsync();
        using var cli = Support.Cli.For(server);
        var lines = (await cli.RunAsync("ledger", "acme")).Succeeded().Lines;
        Assert.Equal(3, lines.Length);
        Assert.Matches(@"^2026-11-01 00:00:01Z +7 +committed +-\$0\.01 +\+\$0\.004 +\$4\.996 +gpt-5\.5; tokens 1,200; by tok_1; reservation 01934c1e", lines[1]);
        Assert.Matches(@"limits-set .* life \$5\.00, requests 600 a minute; by tok_1; ""a, \uFFFD\[31m""b""""$", lines[2]);
    }

    [Fact]
    public async Task Json_lines_for_scripts()
    {
        await using var server = await StartAsync();
        using var cli = Support.Cli.For(server);
        var json = (await cli.RunAsync("ledger", "acme", "--json")).Succeeded().Json;
        Assert.Equal(4_000_000, json[0].GetProperty("committed_change_nanos").GetInt64());
        Assert.Equal("RESERVATION_COMMITTED", json[0].GetProperty("kind").GetString());
        Assert.Equal(Id, json[0].GetProperty("reservation_id").GetString());
        Assert.False(json[1].TryGetProperty("headroom_nanos", out _));
        Assert.Equal("a, \e[31m\"b\"", json[1].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Csv_for_spreadsheets()
    {
        await using var server = await StartAsync();
        server.Entries.Add(new LedgerEntry { Account = "acme", Seq = 9, Kind = EntryKind.Suspension, AtMs = Ms("2026-11-03"), Reason = "=1+1" });
        using var cli = Support.Cli.For(server);
        var lines = (await cli.RunAsync("ledger", "acme", "--csv")).Succeeded().Out.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var columns = lines[0].Split(',');
        Assert.Equal(columns.Length, lines[1].Split(',').Length);
        Assert.StartsWith($"acme,7,2026-11-01T00:00:01.000Z,committed,{Id},{Id},USD,-0.01,0.004,0,0,4.996,1200,true,gpt-5.5,", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",\"a, \e[31m\"\"b\"\"\"", lines[2], StringComparison.Ordinal);
        Assert.EndsWith(",'=1+1", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notes_never_get_into_a_pipe()
    {
        await using var server = await StartAsync();
        server.Entries.Clear();
        using var cli = Support.Cli.For(server);
        var result = (await cli.RunAsync("ledger", "acme", "--json")).Succeeded();
        Assert.Equal("", result.Out);
        Assert.Contains("No entry", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operation_is_found_without_its_account()
    {
        await using var server = await StartAsync();
        server.On<FindOperationRequest>(_ => server.Entries[0]);
        using var cli = Support.Cli.For(server);
        var result = (await cli.RunAsync("ledger", "--operation", Id)).Succeeded();
        Assert.Matches(@"^2026-11-01 00:00:01Z +7 +committed ", result.Lines[1]);
        Assert.Contains("account acme", result.Error, StringComparison.Ordinal);
        Assert.Equal(ByteString.CopyFrom(Guid.Parse(Id).ToByteArray(bigEndian: true)), server.Single<FindOperationRequest>().OperationId);
        Assert.Equal("acme", (await cli.RunAsync("ledger", "--operation", Id, "--json")).Succeeded().Json.Single().GetProperty("account").GetString());
    }

    [Theory]
    [InlineData("ACCOUNT")]
    [InlineData("--limit", "--operation", Id, "--limit", "7")]
    [InlineData("--from", "--operation", Id, "--from", "2h")]
    public async Task Without_an_account_an_operation_is_named_alone(string named, params string[] options)
    {
        using var cli = new Support.Cli();
        (await cli.RunAsync(["ledger", .. options])).FailedWith(2, named);
    }

    [Theory]
    [InlineData("--csv", "--json")]
    [InlineData("--limit", "0")]
    [InlineData("--kind", "nonsense")]
    [InlineData("--from", "yesterday")]
    [InlineData("--operation", "1234")]
    public async Task Wrong_filters_name_the_option(string option, string value)
    {
        using var cli = new Support.Cli();
        (await cli.RunAsync("ledger", "acme", option, value)).FailedWith(2, option);
    }

    private static long Ms(string date) =>
        DateTimeOffset.Parse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();

    private static async Task<FakeServer> StartAsync()
    {
        var server = await FakeServer.StartAsync();
        server.On<GetAccountRequest>(_ => Accounts.Acme());
        var id = ByteString.CopyFrom(Guid.Parse(Id).ToByteArray(bigEndian: true));
        server.Entries.Add(new LedgerEntry
        {
            Account = "acme",
            Seq = 7,
            AtMs = Ms("2026-11-01") + 1000,
            Kind = EntryKind.ReservationCommitted,
            OperationId = id,
            ReservationId = id,
            HeldChangeNanos = -10_000_000,
            CommittedChangeNanos = 4_000_000,
            Tokens = 1200,
            Final = true,
            Model = "gpt-5.5",
            Actor = "tok_1",
            HeadroomNanos = 4_996_000_000,
        });
        server.Entries.Add(new LedgerEntry
        {
            Account = "acme",
            Seq = 8,
            AtMs = Ms("2026-11-02"),
            Kind = EntryKind.LimitsSet,
            Actor = "tok_1",
            Reason = "a, \e[31m\"b\"",
            Limits = new Limits
            {
                Spend = { new SpendLimit { Window = SpendWindow.Life, CapNanos = 5 * Accounts.Dollar } },
                Requests = new RateLimit { PerMinute = 600 },
            },
        });
        return server;
    }
}
