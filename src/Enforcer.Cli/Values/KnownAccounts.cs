using Enforcer.Access;
using Enforcer.Storage.Postgres;

namespace Enforcer.Cli.Values;

/// <summary>The ids of accounts that the journal knows by number, as far as the directory beside it has them and can be read.</summary>
internal sealed class KnownAccounts
{
    private readonly string? _folder;
    private readonly IReadOnlyDictionary<long, string> _ids;

    private KnownAccounts(string? folder, IReadOnlyDictionary<long, string> ids) => (_folder, _ids) = (folder, ids);

    /// <summary>Those of a folder, or of a PostgreSQL, which is asked for all of them at once.</summary>
    public static async Task<KnownAccounts> ReadAsync(string? folder, string? postgres, IEnumerable<long> numbers, CancellationToken cancellationToken)
    {
        long[] wanted = [.. numbers.Where(number => number != 0).Distinct()];
        if (postgres is null || wanted.Length == 0)
            return new KnownAccounts(folder, new Dictionary<long, string>());
        try
        {
            return new KnownAccounts(null, await PostgresDirectory.ReadIdsAsync(new PostgresOptions { ConnectionString = postgres }, wanted, cancellationToken));
        }
        catch (DirectoryException)
        {
            return new KnownAccounts(null, new Dictionary<long, string>());
        }
    }

    /// <summary>An account as people know it.</summary>
    public string NameOf(long account) => _ids.TryGetValue(account, out var id) ? $"{id} (number {account})" : DataFolder.NameOf(account, _folder);
}
