using Enforcer.Access;
using Microsoft.Data.Sqlite;

namespace Enforcer.Storage.Sqlite;

internal sealed class SqliteKeys(DirectoryDatabase database, SqliteAuditTrail audit) : IKeyDirectory
{
    private const string Select =
        """
        SELECT key.key_id, key.hash, key.account, account.id, key.label, key.shown_prefix,
               key.created_at_ms, key.expires_at_ms, key.revoked_at_ms, key.successor
        FROM key JOIN account ON account.number = key.account
        """ + " ";

    private const string ById = Select + "WHERE key.key_id = $1";

    public ValueTask<KeyRecord?> CreateAsync(NewKey key, AuditNote note, CancellationToken cancellation)
    {
        return ValueTask.FromResult(database.Write(session =>
        {
            if (session.Number("SELECT count(*) FROM account WHERE number = $1", key.AccountNumber) == 0)
                return null;
            Insert(session, key);
            audit.Append(session, note);
            return session.First(ById, Row, key.KeyId);
        }));
    }

    public ValueTask<KeyRecord?> FindAsync(CredentialHash hash, CancellationToken cancellation) =>
        ValueTask.FromResult(database.Read(session => session.First(Select + "WHERE key.hash = $1", Row, hash.ToArray())));

    public ValueTask<KeyRecord?> GetAsync(string keyId, CancellationToken cancellation) =>
        ValueTask.FromResult(database.Read(session => session.First(ById, Row, keyId)));

    public ValueTask<IReadOnlyList<KeyRecord>> ListAsync(
        long? accountNumber, string after, int count, CancellationToken cancellation)
    {
        DirectoryRules.RequirePage(count);
        const string OfAll = Select + "WHERE key.key_id > $1 ORDER BY key.key_id LIMIT $2";
        const string OfOne = Select + "WHERE key.account = $1 AND key.key_id > $2 ORDER BY key.key_id LIMIT $3";
        return ValueTask.FromResult<IReadOnlyList<KeyRecord>>(database.Read(session => accountNumber is { } number
            ? session.All(OfOne, Row, number, after, count)
            : session.All(OfAll, Row, after, count)));
    }

    public ValueTask<KeyChange> RotateAsync(
        string keyId, NewKey successor, long expiresAtMs, AuditNote note, CancellationToken cancellation)
    {
        return ValueTask.FromResult(database.Write(session =>
        {
            var old = session.First(ById, Row, keyId);
            if (old is null)
                return new KeyChange(KeyChangeResult.UnknownKey, null, null);
            if (old.RevokedAtMs != 0)
                return new KeyChange(KeyChangeResult.Revoked, old, null);
            if (old.Successor is not null)
                return new KeyChange(KeyChangeResult.HasSuccessor, old, null);
            if (old.AccountNumber != successor.AccountNumber)
                throw new ArgumentException("A successor belongs to the same account.", nameof(successor));
            Insert(session, successor);
            session.Execute(
                "UPDATE key SET expires_at_ms = $1, successor = $2 WHERE key_id = $3", expiresAtMs, successor.KeyId, keyId);
            audit.Append(session, note);
            return new KeyChange(
                KeyChangeResult.Done, session.First(ById, Row, keyId), session.First(ById, Row, successor.KeyId));
        }));
    }

    public ValueTask<KeyRecord?> RevokeAsync(string keyId, long atMs, AuditNote note, CancellationToken cancellation)
    {
        return ValueTask.FromResult(database.Write(session =>
        {
            const string Revoke = "UPDATE key SET revoked_at_ms = $1 WHERE key_id = $2 AND revoked_at_ms = 0";
            if (session.Execute(Revoke, atMs, keyId) == 1)
                audit.Append(session, note);
            return session.First(ById, Row, keyId);
        }));
    }

    private static void Insert(SqlSession session, NewKey key)
    {
        const string Sql =
            """
            INSERT INTO key(key_id, hash, account, label, shown_prefix, created_at_ms)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
            """;
        var made = session.Execute(
            Sql, key.KeyId, key.Hash.ToArray(), key.AccountNumber, key.Label, key.ShownPrefix, key.CreatedAtMs);
        if (made == 0)
            throw new InvalidOperationException($"The key {key.KeyId} or its secret exists already.");
    }

    private static KeyRecord Row(SqliteDataReader row) => new(
        row.GetString(0),
        new CredentialHash((byte[])row[1]),
        row.GetInt64(2),
        row.GetString(3),
        row.GetString(4),
        row.GetString(5),
        row.GetInt64(6),
        row.GetInt64(7),
        row.GetInt64(8),
        row.GetString(9) is { Length: > 0 } successor ? successor : null);
}
