using System.Text;
using Enforcer.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Enforcer.Access.Tests;

/// <summary>What is special about a directory in a file.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder _folder = new();

    private string Path => _folder.File(SqliteDirectory.FileName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_is_there_after_opening_again()
    {
        IssuedKey key;
        IssuedToken token;
        using (var house = new House(Open()))
        {
            key = await house.KeyAsync("a");
            token = (await house.Tokens.CreateFirstAsync(None))!;
            key = (await house.Keys.RotateAsync(key.Key.KeyId, TimeSpan.Zero, token.Token.TokenId, None)).Issued!;
        }

        using var again = new House(Open(), seed: 2);
        Assert.Equal("a", await again.PayerAsync(key.Credential));
        Assert.Equal(Role.Admin, (await again.WhoAsync(token.Credential))!.Role);
        Assert.Null(await again.Tokens.CreateFirstAsync(None));
        Assert.Equal(1, await again.AccountAsync("a"));
        Assert.Equal(2, await again.AccountAsync("b"));
        Assert.Equal(3, (await again.Directory.Audit.QueryAsync(null, 0, 10, None)).Count);
    }

    [Fact]
    public async Task A_file_of_version_1_gets_what_is_new()
    {
        using (var house = new House(Open())) await house.AccountAsync("a");
        Change("DROP TABLE price_record; DROP TABLE price_content; UPDATE directory_schema SET version = 1");

        using var again = new House(Open());
        Assert.Equal(1, await again.AccountAsync("a"));
        await again.Directory.Prices.StoreAsync("c1", new byte[] { 1 }, None);
        Assert.Equal([1], await again.Directory.Prices.ReadAsync("c1", None));
    }

    [Fact]
    public async Task No_secret_is_in_any_file()
    {
        var secrets = new List<string>();
        using (var house = new House(Open()))
        {
            secrets.Add((await house.Tokens.CreateFirstAsync(None))!.Credential.Reveal());
            secrets.Add((await house.Tokens.CreateAsync(Role.Edge, "l", "t", None))!.Credential.Reveal());
            var key = await house.KeyAsync("a", "label-that-is-there");
            secrets.Add(key.Credential.Reveal());
            var rotation = await house.Keys.RotateAsync(key.Key.KeyId, TimeSpan.Zero, "t", None);
            secrets.Add(rotation.Issued!.Credential.Reveal());
            await house.Keys.RevokeAsync(rotation.Issued.Key.KeyId, "t", "leaked", None);
            SqliteDirectory.BackUp(Path, _folder.File("copy.db"));
        }

        var stored = string.Concat(_folder.Files().Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));
        Assert.Contains("label-that-is-there", stored, StringComparison.Ordinal);
        // Any ten characters beyond those that are shown would already say too much.
        Assert.All(secrets, secret => Assert.DoesNotContain(secret[16..26], stored, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_open_is_not_opened_again()
    {
        using var first = Open();

        var error = Assert.Throws<DirectoryException>(() => Open());
        Assert.Contains(Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
        first.Dispose();
        Open().Dispose();
    }

    [Fact]
    public async Task Starts_at_the_same_moment_make_one_first_token()
    {
        var starts = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => StartAsync(i))));

        Assert.InRange(starts.Count(token => token is not null), 0, 1);
        var later = await StartAsync(99);
        Assert.Equal(1, starts.Append(later).Count(token => token is not null));
        using var directory = Open();
        Assert.Single(await directory.Tokens.ListAsync(None));
    }

    [Fact]
    public void A_newer_schema_is_refused_and_not_touched()
    {
        Open().Dispose();
        Change("UPDATE directory_schema SET version = 7");
        var before = File.ReadAllBytes(Path);

        var error = Assert.Throws<DirectoryException>(() => Open());
        Assert.Contains($"{Path}: its schema has version 7, this program knows versions up to 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Theory]
    [InlineData("DELETE FROM directory_schema", "schema version is missing")]
    [InlineData("DROP TABLE directory_schema", "a SQLite file of something else")]
    public void A_file_without_a_version_is_refused(string change, string words)
    {
        Open().Dispose();
        Change(change);

        Assert.Contains(words, Assert.Throws<DirectoryException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        File.WriteAllText(Path, string.Concat(Enumerable.Repeat("not a database ", 1_000)));

        Assert.Contains("not a directory", Assert.Throws<DirectoryException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_is_a_directory_of_its_own()
    {
        IssuedKey key;
        using (var house = new House(Open()))
        {
            key = await house.KeyAsync("a");
            SqliteDirectory.BackUp(Path, _folder.File("backup.db"));
            await house.Keys.RevokeAsync(key.Key.KeyId, "t", "", None);
            var error = Assert.Throws<DirectoryException>(
                () => SqliteDirectory.BackUp(Path, _folder.File("backup.db")));
            Assert.Contains("exists", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal("a", SqliteDirectory.ReadAccount(_folder.File("backup.db"), 1)!.Id);
        Assert.Null(SqliteDirectory.ReadAccount(_folder.File("backup.db"), 2));
        using var copy = new House(SqliteDirectory.Open(_folder.File("backup.db"), new DirectoryOptions()));
        Assert.Equal("a", await copy.PayerAsync(key.Credential));
    }

    [Theory]
    [InlineData(13, 13, false, "disk is full")]
    [InlineData(10, 778, false, "the disk reported an error")]
    [InlineData(10, 1034, true, "must end")]
    [InlineData(10, 1290, true, "must end")]
    [InlineData(11, 11, false, "damaged")]
    [InlineData(8, 8, false, "cannot be written")]
    [InlineData(1, 1, false, "error 1")]
    public void Errors_of_the_disk_are_told_in_words(int code, int extended, bool mustEnd, string words)
    {
        var error = DirectoryFailures.Translate(new SqliteException("cause", code, extended), "/data/directory.db");

        Assert.Equal(mustEnd, error.MustEndProcess);
        Assert.StartsWith("/data/directory.db: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_change_is_synced_to_the_disk()
    {
        using var database = DirectoryDatabase.Open(Path);

        Assert.Equal((2, 1), database.Write(session =>
            (session.Number("PRAGMA synchronous"), session.Number("PRAGMA foreign_keys"))));
        Assert.Equal("wal", database.Read(session => session.First("PRAGMA journal_mode", row => row.GetString(0))));
    }

    private SqliteDirectory Open() => SqliteDirectory.Open(Path, new DirectoryOptions());

    private async Task<IssuedToken?> StartAsync(int seed)
    {
        try
        {
            using var house = new House(Open(), seed);
            return await house.Tokens.CreateFirstAsync(None);
        }
        catch (DirectoryException)
        {
            return null;
        }
    }

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
