using Enforcer.Cli.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Enforcer.Cli.Tests.Commands;

/// <summary>The tour of a first-time user, against the real server.</summary>
public sealed class ServeTests
{
    [Fact]
    public async Task The_tour_works_with_nothing_but_the_login_of_the_first_start()
    {
        await using var served = await Served.StartAsync("--login");
        var cli = served.Cli;
        (await cli.RunAsync("health")).Succeeded();
        var key = (await cli.RunAsync("keys", "create", "--account", "acme", "--cap", "$5", "--rpm", "600", "--quiet")).Succeeded().Lines[0];
        Assert.Contains("$4.996 is left", (await cli.RunAsync("try", key, "--amount", "$0.01", "--commit", "$0.004")).Succeeded().Out, StringComparison.Ordinal);
        Assert.Contains("ExceedsSpendCap", (await cli.RunAsync("try", key, "--amount", "$6")).FailedWith(1).Out, StringComparison.Ordinal);

        (await cli.RunAsync("accounts", "set-limits", "acme", "--daily", "$1", "--zone", "Europe/Berlin", "--reason", "careful")).Succeeded();
        (await cli.RunAsync("accounts", "topup", "acme", "$5")).Succeeded();
        (await cli.RunAsync("accounts", "suspend", "acme")).Succeeded();
        Assert.Contains("Suspended", (await cli.RunAsync("try", key, "--amount", "$0.01")).FailedWith(1).Out, StringComparison.Ordinal);
        (await cli.RunAsync("accounts", "resume", "acme")).Succeeded();
        Assert.Contains("$9.996 headroom of $10.00", (await cli.RunAsync("accounts", "show", "acme")).Succeeded().Out, StringComparison.Ordinal);

        var ledger = (await cli.RunAsync("ledger", "acme", "--ascending", "--json")).Succeeded().Json;
        Assert.Equal("ACCOUNT_OPENED", ledger[0].GetProperty("kind").GetString());
        Assert.Equal(Enumerable.Range(1, ledger.Length), ledger.Select(entry => entry.GetProperty("seq").GetInt32()));
        var committed = (await cli.RunAsync("ledger", "acme", "--kind", "committed", "--json")).Succeeded().Json.Single();
        var reservation = committed.GetProperty("reservation_id").GetString()!;
        Assert.Contains("$0.004 given back", (await cli.RunAsync("accounts", "reverse", "acme", reservation)).Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal(0, (await served.StopAsync()).ExitCode);
    }

    [Fact]
    public async Task The_token_is_shown_on_the_first_start_only_and_stored_only_if_asked()
    {
        await using var first = await Served.StartAsync();
        var token = await first.FirstTokenAsync();
        (await first.Cli.RunAsync("keys", "list")).FailedWith(1, "no token");
        (await first.Cli.RunAsync("login", "--token", token)).Succeeded();
        (await first.Cli.RunAsync("keys", "list")).Succeeded();
        Assert.Equal(0, (await first.StopAsync()).ExitCode);

        using var ctrlC = new CancellationTokenSource();
        await using var said = new LineWatcher();
        var again = first.Cli.RunAsync(["serve", "--data", first.Data, "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0", "--login"], ctrlC.Token, said);
        await said.AfterAsync("  data");
        await ctrlC.CancelAsync();
        var result = await again;
        Assert.DoesNotContain("enf_admin_", result.Out + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_server_is_verified_and_backed_up()
    {
        await using var served = await Served.StartAsync("--login");
        var cli = served.Cli;
        var copy = Path.Combine(cli.Settings, "copy");
        var key = (await cli.RunAsync("keys", "create", "--account", "acme", "--cap", "5", "--quiet")).Succeeded().Lines[0];
        (await cli.RunAsync("try", key, "--amount", "1")).Succeeded();

        Assert.Contains("The journal is sound: 4 entries of 1 account", (await cli.RunAsync("verify", "--data", served.Data)).Succeeded().Out, StringComparison.Ordinal);
        (await cli.RunAsync("backup", "--data", served.Data, "--to", copy)).Succeeded();
        (await cli.RunAsync("backup", "--data", served.Data, "--to", copy)).FailedWith(2, "--to", "not empty");
        var report = (await cli.RunAsync("verify", "--data", copy, "--json")).Succeeded().Json.Single();
        Assert.Equal(4, report.GetProperty("entries").GetInt64());
        Assert.True(report.GetProperty("is_sound").GetBoolean());

        Spoil(Path.Combine(copy, "journal.db"));
        (await cli.RunAsync("verify", "--data", copy)).FailedWith(1, "not sound", "account acme (number 1)", "entry", "batch");
    }

    [Fact]
    public async Task Verify_needs_no_settings_of_the_server()
    {
        await using var served = await Served.StartAsync("--login");
        var key = await served.KeyAsync("acme");
        await served.StopAsync();
        var file = Path.Combine(served.Cli.Settings, "enforcer.json");
        await File.WriteAllTextAsync(file, """{"Enforcer":{"DefaultTtlMs":1000,"RetentionMs":200000000,"MaxOpenReservations":1,"IdleMs":1000}}""");
        await served.ServeAsync("--config", file);
        for (var i = 0; i < 12; i++) (await served.Cli.RunAsync("try", key, "--amount", "0.1")).Succeeded();
        await served.StopAsync();

        // Stopping has written the heads: each snapshot is compared with what the entries add up to.
        var report = (await served.Cli.RunAsync("verify", "--data", served.Data, "--json")).Succeeded().Json.Single();
        Assert.Equal((1, true), (report.GetProperty("heads").GetInt64(), report.GetProperty("is_sound").GetBoolean()));
    }

    [Fact]
    public async Task A_damaged_journal_is_refused_and_serves_the_other_accounts_on_request()
    {
        await using var served = await Served.StartAsync("--login");
        var cli = served.Cli;
        var copy = Path.Combine(cli.Settings, "copy");
        var (sound, damaged) = (await served.KeyAsync("sound"), await served.KeyAsync("acme"));
        (await cli.RunAsync("try", sound, "--amount", "1", "--commit", "1")).Succeeded();
        (await cli.RunAsync("try", damaged, "--amount", "1")).Succeeded();
        (await cli.RunAsync("backup", "--data", served.Data, "--to", copy)).Succeeded();
        await served.StopAsync();
        Spoil(Path.Combine(copy, "journal.db"));

        (await cli.RunAsync("serve", "--data", copy, "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0"))
            .FailedWith(1, "entry 4 of account 2", "account acme (number 2)", "--serve-damaged");
        served.Data = copy;
        await served.ServeAsync("--serve-damaged");
        (await cli.RunAsync("try", sound, "--amount", "1", "--commit", "1")).Succeeded();
        Assert.Contains("$3.00 headroom", (await cli.RunAsync("accounts", "show", "sound")).Succeeded().Out, StringComparison.Ordinal);
        (await cli.RunAsync("accounts", "show", "acme")).FailedWith(1, "cannot serve now");
        (await served.StopAsync()).FailedWith(0, "Not served", "acme (number 2)");
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("backup", "--to", "elsewhere")]
    public async Task A_folder_without_a_journal_is_named(params string[] args)
    {
        using var cli = new Support.Cli();
        (await cli.RunAsync([.. args, "--data", cli.Settings])).FailedWith(2, "--data", "journal.db", cli.Settings);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        using var cli = new Support.Cli();
        var file = Path.Combine(cli.Settings, "a-file");
        await File.WriteAllTextAsync(file, "");
        (await cli.RunAsync("serve", "--data", file, "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0")).FailedWith(1, "--data", file, "cannot be used");
    }

    [Fact]
    public async Task A_folder_serves_once_and_so_does_an_address()
    {
        await using var served = await Served.StartAsync();
        var cli = served.Cli;
        (await cli.RunAsync("serve", "--data", served.Data, "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0")).FailedWith(1, served.Data, "another process");
        var elsewhere = Path.Combine(cli.Settings, "elsewhere");
        (await cli.RunAsync("serve", "--data", elsewhere, "--grpc", cli.Variables["ENFORCER_SERVER"], "--http", "127.0.0.1:0"))
            .FailedWith(1, "in use", "--grpc");
    }

    [Theory]
    [InlineData("""{"Enforcer":{"DefaultTtlMs":0}}""", "default_ttl_ms")]
    [InlineData("""{"Enforcer":{"Dta":"x"}}""", "Dta")]
    [InlineData("""{"Enforcer":{"JsonLogs":"perhaps"}}""", "JsonLogs")]
    [InlineData("""{"Enforcer":""", "settings cannot be read")]
    public async Task Wrong_settings_are_named(string json, string named)
    {
        using var cli = new Support.Cli();
        var file = Path.Combine(cli.Settings, "enforcer.json");
        await File.WriteAllTextAsync(file, json);
        (await cli.RunAsync("serve", "--config", file, "--data", Path.Combine(cli.Settings, "data"), "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0"))
            .FailedWith(2, named);
        (await cli.RunAsync("serve", "--config", file + "x")).FailedWith(2, "--config", "is not there");
        (await cli.RunAsync("serve", "--grpc", "here")).FailedWith(2, "grpc 'here'");
    }

    [Fact]
    public void The_command_line_comes_before_the_environment_before_the_file()
    {
        using var cli = new Support.Cli();
        var file = Path.Combine(cli.Settings, "enforcer.json");
        File.WriteAllText(file, """{"Enforcer":{"Data":"of-file","Grpc":"127.0.0.1:1","Http":"127.0.0.1:2"}}""");
        cli.Variables["ENFORCER__DATA"] = "of-variable";
        cli.Variables["ENFORCER__GRPC"] = "127.0.0.1:3";
        var terminal = new Enforcer.Cli.Shell.Terminal
        {
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            SettingsFolder = cli.Settings,
            Variable = name => cli.Variables.GetValueOrDefault(name),
        };
        var options = Enforcer.Cli.Values.ServerSettings.Read(terminal, file, new Dictionary<string, string?> { ["Data"] = "of-line", ["Grpc"] = null });
        Assert.Equal(("of-line", "127.0.0.1:3", "127.0.0.1:2"), (options.Data, options.Grpc, options.Http));
    }

    /// <summary>Flips a bit in the last entry of the last batch, as if it had happened before any head was written.</summary>
    private static void Spoil(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT payload FROM batches ORDER BY number DESC LIMIT 1";
        var payload = (byte[])read.ExecuteScalar()!;
        payload[^1] ^= 1;
        using var write = connection.CreateCommand();
        write.CommandText = "DELETE FROM heads; UPDATE fence SET covered_through = 0; UPDATE batches SET payload = $1 WHERE number = (SELECT max(number) FROM batches)";
        write.Parameters.AddWithValue("$1", payload);
        write.ExecuteNonQuery();
    }
}
