namespace Enforcer.Access.Tests;

/// <summary>What every directory promises, whatever it stores in. Subclassed per implementation.</summary>
public abstract class DirectoryContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    protected abstract Task<IDirectory> OpenAsync(DirectoryOptions options);

    private async Task<House> BuildAsync(DirectoryOptions? options = null) => new(await OpenAsync(options ?? new DirectoryOptions()));

    [Fact]
    public async Task Accounts_get_numbers_from_1_without_gaps_and_keep_them()
    {
        using var house = await BuildAsync();
        var accounts = house.Directory.Accounts;

        Assert.Equal(0, await accounts.CountAsync(None));
        Assert.Equal(1, await house.AccountAsync("a"));
        Assert.Equal(2, await house.AccountAsync("B:x.y_z-9"));
        Assert.Equal(1, await house.AccountAsync("a"));
        Assert.Equal(3, await house.AccountAsync("A"));
        Assert.Equal(3, await accounts.CountAsync(None));
        Assert.Equal("B:x.y_z-9", (await accounts.FindAsync(2, None))!.Id);
        Assert.Equal(3, (await accounts.FindAsync("A", None))!.Number);
        Assert.Null(await accounts.FindAsync("b", None));
        Assert.Null(await accounts.FindAsync(0, None));
        Assert.Null(await accounts.FindAsync(4, None));
    }

    [Fact]
    public async Task Making_an_account_again_answers_the_first_one()
    {
        using var house = await BuildAsync();
        var accounts = house.Directory.Accounts;
        var first = await accounts.CreateAsync(new NewAccount("a", "USD", 1), None);

        Assert.Equal(first, await accounts.CreateAsync(new NewAccount("a", "EUR", 2), None));
        Assert.Equal(new AccountRecord(1, "a", "USD", 1), await accounts.FindAsync("a", None));
    }

    [Fact]
    public async Task One_account_made_by_many_at_once_has_one_number()
    {
        using var house = await BuildAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => house.AccountAsync($"a{i % 8}"))));

        Assert.Equal(8, made.Distinct().Count());
        Assert.Equal(8, await house.Directory.Accounts.CountAsync(None));
    }

    [Fact]
    public async Task Many_accounts_at_once_pass_over_those_that_exist()
    {
        using var house = await BuildAsync();
        await house.AccountAsync("a00007");
        var many = Enumerable.Range(0, 45_000).Select(i => new NewAccount($"a{i:D5}", "USD", i)).ToList();

        Assert.Equal(44_999, await house.Directory.Accounts.CreateManyAsync(many, None));
        Assert.Equal(0, await house.Directory.Accounts.CreateManyAsync(many, None));
        Assert.Equal(45_000, await house.Directory.Accounts.CountAsync(None));
        Assert.Equal("a44999", (await house.Directory.Accounts.FindAsync(45_000, None))!.Id);
    }

    [Fact]
    public async Task Accounts_are_listed_in_ordinal_order_page_by_page()
    {
        using var house = await BuildAsync();
        foreach (var id in (string[])["b", "a", "C", "a:1", "_", "9"])
            await house.AccountAsync(id);

        var seen = new List<string>();
        for (var after = ""; ; after = seen[^1])
        {
            var page = await house.Directory.Accounts.ListAsync(after, 4, None);
            if (page.Count == 0)
                break;
            seen.AddRange(page.Select(account => account.Id));
        }

        Assert.Equal(["9", "C", "_", "a", "a:1", "b"], seen);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => house.Directory.Accounts.ListAsync("", 0, None).AsTask());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => house.Directory.Accounts.ListAsync("", 1_001, None).AsTask());
    }

    [Fact]
    public async Task A_key_is_found_by_the_hash_of_its_secret()
    {
        using var house = await BuildAsync();
        var issued = await house.KeyAsync("agency", "für Zoë");

        var found = await house.Directory.Keys.FindAsync(CredentialHash.Of(issued.Credential.Reveal()), None);
        Assert.Equal(issued.Key, found);
        Assert.Equal(("agency", 1L, "für Zoë"), (found!.Account, found.AccountNumber, found.Label));
        Assert.Equal(issued.Credential.ShownPrefix, found.ShownPrefix);
        Assert.Equal((house.Time.NowMs, 0L, 0L, null), (found.CreatedAtMs, found.ExpiresAtMs, found.RevokedAtMs, found.Successor));
        Assert.Equal(found, await house.Directory.Keys.GetAsync(found.KeyId, None));
        Assert.Null(await house.Directory.Keys.GetAsync("key_none", None));
        Assert.Null(await house.Directory.Keys.FindAsync(CredentialHash.Of("enf_live_"), None));
    }

    [Fact]
    public async Task A_key_needs_an_account()
    {
        using var house = await BuildAsync();

        Assert.Null(await house.Keys.CreateAsync(1, "", "tok_test", "", None));
        Assert.Empty(await house.Directory.Keys.ListAsync(null, "", 10, None));
        Assert.Empty(await house.Directory.Audit.QueryAsync(null, 0, 10, None));
    }

    [Fact]
    public async Task The_same_secret_twice_is_refused_and_leaves_no_trace()
    {
        using var house = await BuildAsync();
        var issued = await house.KeyAsync("a");
        var again = new NewKey("key_other", issued.Credential, 1, "", 1);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => house.Directory.Keys.CreateAsync(again, Note("x"), None).AsTask());
        Assert.Null(await house.Directory.Keys.GetAsync("key_other", None));
        Assert.Single(await house.Directory.Audit.QueryAsync(null, 0, 10, None));
    }

    [Fact]
    public async Task Keys_are_listed_in_the_order_of_making()
    {
        using var house = await BuildAsync();
        var made = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            made.Add((await house.KeyAsync(i % 2 == 0 ? "even" : "odd")).Key.KeyId);
            house.Time.Move(TimeSpan.FromMilliseconds(1));
        }

        var keys = house.Directory.Keys;
        Assert.Equal(made, (await keys.ListAsync(null, "", 10, None)).Select(key => key.KeyId));
        Assert.Equal([made[2], made[4]], (await keys.ListAsync(1, made[0], 10, None)).Select(key => key.KeyId));
        Assert.Equal([made[1]], (await keys.ListAsync(2, "", 1, None)).Select(key => key.KeyId));
        Assert.Empty(await keys.ListAsync(3, "", 10, None));
    }

    [Fact]
    public async Task A_rotated_key_ends_after_the_overlap_and_its_successor_goes_on()
    {
        using var house = await BuildAsync();
        var old = await house.KeyAsync("a", "label");
        var rotation = await house.Keys.RotateAsync(old.Key.KeyId, TimeSpan.FromHours(1), "tok_test", None);

        Assert.Equal(KeyChangeResult.Done, rotation.Result);
        Assert.Equal(house.Time.NowMs + 3_600_000, rotation.Old!.ExpiresAtMs);
        Assert.Equal(rotation.Issued!.Key.KeyId, rotation.Old.Successor);
        Assert.Equal(("a", "label"), (rotation.Issued.Key.Account, rotation.Issued.Key.Label));
        Assert.Equal(rotation.Old, await house.Directory.Keys.GetAsync(old.Key.KeyId, None));
        Assert.Equal(("a", "a"), (await house.PayerAsync(old.Credential), await house.PayerAsync(rotation.Issued.Credential)));
        house.Time.Move(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(("a", "a"), (await house.PayerAsync(old.Credential), await house.PayerAsync(rotation.Issued.Credential)));
        house.Time.Move(TimeSpan.FromMilliseconds(1));
        Assert.Equal((null, "a"), (await house.PayerAsync(old.Credential), await house.PayerAsync(rotation.Issued.Credential)));
    }

    [Fact]
    public async Task Only_a_key_that_is_in_force_and_has_no_successor_is_rotated()
    {
        using var house = await BuildAsync();
        var rotated = await house.KeyAsync("a");
        await house.Keys.RotateAsync(rotated.Key.KeyId, TimeSpan.Zero, "tok_test", None);
        var revoked = await house.KeyAsync("a");
        await house.Keys.RevokeAsync(revoked.Key.KeyId, "tok_test", "", None);
        var before = await house.Directory.Audit.QueryAsync(null, 0, 100, None);

        Assert.Equal(KeyChangeResult.HasSuccessor, await RotateAsync(rotated.Key.KeyId));
        Assert.Equal(KeyChangeResult.Revoked, await RotateAsync(revoked.Key.KeyId));
        Assert.Equal(KeyChangeResult.UnknownKey, await RotateAsync("key_none"));
        Assert.Equal(3, (await house.Directory.Keys.ListAsync(null, "", 100, None)).Count);
        Assert.Equal(before, await house.Directory.Audit.QueryAsync(null, 0, 100, None));

        async Task<KeyChangeResult> RotateAsync(string keyId) =>
            (await house.Keys.RotateAsync(keyId, TimeSpan.FromHours(1), "tok_test", None)).Result;
    }

    [Fact]
    public async Task A_key_rotated_by_many_at_once_gets_one_successor()
    {
        using var house = await BuildAsync();
        var old = await house.KeyAsync("a");
        var rotations = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(
            () => house.Keys.RotateAsync(old.Key.KeyId, TimeSpan.FromHours(1), "tok_test", None).AsTask())));

        Assert.Single(rotations, rotation => rotation.Result == KeyChangeResult.Done);
        Assert.Equal(2, (await house.Directory.Keys.ListAsync(null, "", 100, None)).Count);
    }

    [Fact]
    public async Task Revoking_keeps_the_first_time_and_spares_the_successor()
    {
        using var house = await BuildAsync();
        var old = await house.KeyAsync("a");
        var successor = (await house.Keys.RotateAsync(old.Key.KeyId, TimeSpan.FromHours(1), "tok_test", None)).Issued!;
        var firstMs = house.Time.NowMs;

        Assert.Equal(firstMs, (await house.Keys.RevokeAsync(old.Key.KeyId, "tok_test", "", None))!.RevokedAtMs);
        house.Time.Move(TimeSpan.FromSeconds(1));
        Assert.Equal(firstMs, (await house.Keys.RevokeAsync(old.Key.KeyId, "tok_test", "", None))!.RevokedAtMs);
        Assert.Equal((null, "a"), (await house.PayerAsync(old.Credential), await house.PayerAsync(successor.Credential)));
        Assert.Null(await house.Keys.RevokeAsync("key_none", "tok_test", "", None));
        Assert.Equal(
            [AuditActions.KeyRevoke, AuditActions.KeyRotate, AuditActions.KeyCreate],
            (await house.Directory.Audit.QueryAsync(null, 0, 10, None)).Select(line => line.Note.Action));
    }

    [Fact]
    public async Task The_first_token_is_an_admins_and_is_made_once()
    {
        using var house = await BuildAsync();
        var issued = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            _ => Task.Run(() => house.Tokens.CreateFirstAsync(None).AsTask())));

        var first = Assert.Single(issued, token => token is not null)!;
        Assert.Equal(Role.Admin, (await house.WhoAsync(first.Credential))!.Role);
        Assert.Null(await house.Tokens.CreateFirstAsync(None));
        Assert.Single(await house.Directory.Tokens.ListAsync(None));
    }

    [Fact]
    public async Task Tokens_are_made_found_listed_and_revoked()
    {
        using var house = await BuildAsync();
        var admin = (await house.Tokens.CreateFirstAsync(None))!;
        house.Time.Move(TimeSpan.FromMilliseconds(1));
        var edge = (await house.Tokens.CreateAsync(Role.Edge, "gateway 1", admin.Token.TokenId, None))!;

        Assert.Equal(edge.Token, await house.Directory.Tokens.FindAsync(edge.Credential.Hash, None));
        Assert.Equal(edge.Token, await house.Directory.Tokens.GetAsync(edge.Token.TokenId, None));
        Assert.Equal([admin.Token, edge.Token], await house.Directory.Tokens.ListAsync(None));
        var change = await house.Tokens.RevokeAsync(edge.Token.TokenId, admin.Token.TokenId, None);
        Assert.Equal((TokenChangeResult.Done, house.Time.NowMs), (change.Result, change.Token!.RevokedAtMs));
        Assert.Equal(change, await house.Tokens.RevokeAsync(edge.Token.TokenId, admin.Token.TokenId, None));
        Assert.Equal(TokenChangeResult.UnknownToken, (await house.Tokens.RevokeAsync("tok_none", "", None)).Result);
    }

    [Fact]
    public async Task The_last_admin_token_cannot_be_revoked()
    {
        using var house = await BuildAsync();
        var first = (await house.Tokens.CreateFirstAsync(None))!;
        await house.Tokens.CreateAsync(Role.Operator, "", "", None);

        Assert.Equal(TokenChangeResult.LastAdmin, await RevokeAsync(first));
        var second = (await house.Tokens.CreateAsync(Role.Admin, "", "", None))!;
        Assert.Equal(TokenChangeResult.Done, await RevokeAsync(first));
        Assert.Equal(TokenChangeResult.LastAdmin, await RevokeAsync(second));
        Assert.NotNull(await house.WhoAsync(second.Credential));

        async Task<TokenChangeResult> RevokeAsync(IssuedToken token) =>
            (await house.Tokens.RevokeAsync(token.Token.TokenId, "", None)).Result;
    }

    [Fact]
    public async Task The_audit_trail_tells_who_did_what_newest_first()
    {
        using var house = await BuildAsync();
        var issued = await house.KeyAsync("a");
        await house.Directory.Audit.AppendAsync(new(AuditKind.Refusal, 5, "", "refused.token", "Edge/Reserve", "127.0.0.1"), None);

        var lines = await house.Directory.Audit.QueryAsync(null, 0, 10, None);
        Assert.Equal([AuditKind.Refusal, AuditKind.Change], lines.Select(line => line.Note.Kind));
        Assert.Equal(("tok_test", "key.create", issued.Key.KeyId), (lines[1].Note.Actor, lines[1].Note.Action, lines[1].Note.Subject));
        Assert.Equal([lines[1]], await house.Directory.Audit.QueryAsync(null, lines[0].Number, 10, None));
        Assert.Equal([lines[1]], await house.Directory.Audit.QueryAsync(AuditKind.Change, 0, 10, None));
    }

    [Fact]
    public async Task The_audit_trail_keeps_the_newest_of_each_kind()
    {
        using var house = await BuildAsync(new DirectoryOptions { AuditLinesPerKind = 3 });
        var audit = house.Directory.Audit;
        await audit.AppendAsync(Note("change"), None);
        for (var i = 1; i <= 10; i++)
            await audit.AppendAsync(new(AuditKind.Refusal, i, "", "refused.token", "", ""), None);

        Assert.Equal([10L, 9, 8], (await audit.QueryAsync(AuditKind.Refusal, 0, 10, None)).Select(line => line.Note.AtMs));
        Assert.Equal("change", Assert.Single(await audit.QueryAsync(AuditKind.Change, 0, 10, None)).Note.Action);
        Assert.Equal(4, (await audit.QueryAsync(null, 0, 10, None)).Count);
    }

    [Fact]
    public async Task Prices_are_added_and_never_changed()
    {
        using var house = await BuildAsync();
        var prices = house.Directory.Prices;
        Assert.Equal(0, await prices.CountAsync(None));
        var first = await prices.AddAsync(Price(PriceRecordKind.Plan, "gold", "c1"), None);
        var second = await prices.AddAsync(Price(PriceRecordKind.Plan, "gold", "c2"), None);
        var other = await prices.AddAsync(Price(PriceRecordKind.Plan, "Silver", "c1"), None);
        var version = await prices.AddAsync(Price(PriceRecordKind.Version, "gold", "c3"), None);

        Assert.Equal(new PriceRecord(PriceRecordKind.Plan, "gold", 1, "c1", "detail c1", 5, 7, "tok_test", "agreed"), first);
        Assert.Equal([2, 1, 1], [second.Number, other.Number, version.Number]);
        Assert.Equal([first, second], await prices.ListAsync(PriceRecordKind.Plan, "gold", None));
        Assert.Equal(second, await prices.FindLatestAsync(PriceRecordKind.Plan, "gold", None));
        Assert.Equal([other, second], await prices.ListLatestAsync(PriceRecordKind.Plan, None));
        Assert.Null(await prices.FindLatestAsync(PriceRecordKind.Account, "gold", None));
        Assert.Empty(await prices.ListAsync(PriceRecordKind.Version, "Gold", None));
        Assert.Equal(4, await prices.CountAsync(None));
    }

    [Fact]
    public async Task A_content_id_stands_for_the_same_bytes_for_ever()
    {
        using var house = await BuildAsync();
        var prices = house.Directory.Prices;
        await prices.StoreAsync("c1", new byte[] { 1, 2 }, None);
        await prices.StoreAsync("c1", new byte[] { 3 }, None);
        await prices.AddAsync(Price(PriceRecordKind.Plan, "gold", "c1"), None);
        Assert.Equal([1, 2], await prices.ReadAsync("c1", None));
        Assert.Null(await prices.ReadAsync("C1", None));
    }

    private static NewPriceRecord Price(PriceRecordKind kind, string name, string content) =>
        new(kind, name, content, new byte[] { 9 }, "detail " + content, 5, 7, "tok_test", "agreed");

    private static AuditNote Note(string action) => new(AuditKind.Change, 1, "tok_test", action, "", "");
}
