namespace Enforcer.Access.Tests;

public sealed class KeyCacheTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task The_directory_is_asked_once_for_each_hash_known_or_not()
    {
        using var house = new House(new MemoryDirectory(new DirectoryOptions()));
        var counting = new CountingKeys(house.Directory.Keys);
        using var cache = new KeyCache(counting, house.Time, new CredentialCacheOptions());
        var known = (await house.KeyAsync("a")).Credential.Hash;
        var unknown = CredentialHash.Of("enf_live_nobody");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("a", (await cache.FindAsync(known, None))!.Account);
            Assert.Null(await cache.FindAsync(unknown, None));
        }

        Assert.Equal(2, counting.Finds);
    }

    [Fact]
    public async Task A_known_key_costs_no_allocation()
    {
        using var house = new House(new MemoryDirectory(new DirectoryOptions()));
        var hash = (await house.KeyAsync("a")).Credential.Hash;
        await house.Cache.FindAsync(hash, None);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = true;
        for (var i = 0; i < 1_000; i++)
            found &= house.Cache.TryFind(in hash, out var grant) && grant is not null;

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(found);
    }

    [Fact]
    public async Task However_many_come_the_cache_stays_bounded_and_keeps_what_is_used()
    {
        using var house = new House(new MemoryDirectory(new DirectoryOptions()));
        var counting = new CountingKeys(house.Directory.Keys);
        using var cache = new KeyCache(counting, house.Time, new CredentialCacheOptions { Capacity = 20, UnknownCapacity = 10 });
        var hot = (await house.KeyAsync("hot")).Credential.Hash;
        for (var i = 0; i < 500; i++)
        {
            Assert.NotNull(await cache.FindAsync((await house.KeyAsync($"a{i}")).Credential.Hash, None));
            Assert.Null(await cache.FindAsync(CredentialHash.Of($"guess {i}"), None));
            Assert.NotNull(await cache.FindAsync(hot, None));
            Assert.InRange(cache.Count, 0, 2 * (20 + 10));
        }

        Assert.Equal(1, counting.FindsOf(hot));
    }

    [Fact]
    public async Task A_load_that_began_before_a_revocation_does_not_outlive_it()
    {
        using var house = new House(new MemoryDirectory(new DirectoryOptions()));
        var slow = new SlowKeys(house.Directory.Keys);
        using var cache = new KeyCache(slow, house.Time, new CredentialCacheOptions());
        var issuer = new KeyIssuer(house.Directory.Keys, cache, house.Time, house.Secrets);
        var key = await house.KeyAsync("a");

        var loading = cache.FindAsync(key.Credential.Hash, None).AsTask();
        await slow.HasRead.Task;
        var revoking = issuer.RevokeAsync(key.Key.KeyId, "t", "", None).AsTask();
        slow.MayAnswer.SetResult();
        await Task.WhenAll(loading, revoking);

        Assert.Null(await cache.FindAsync(key.Credential.Hash, None));
    }

    [Fact]
    public async Task Under_load_nobody_is_let_in_after_a_revocation_was_answered()
    {
        using var house = new House(new MemoryDirectory(new DirectoryOptions()));
        for (var round = 0; round < 50; round++)
        {
            var key = await house.KeyAsync("a");
            var hash = key.Credential.Hash;
            var isRevoked = false;
            var tooLate = 0;
            var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < 400; i++)
                {
                    var wasRevoked = Volatile.Read(ref isRevoked);
                    if (await house.Cache.FindAsync(hash, None) is not null && wasRevoked)
                        Interlocked.Increment(ref tooLate);
                }
            })).ToList();
            await house.Keys.RevokeAsync(key.Key.KeyId, "t", "", None);
            Volatile.Write(ref isRevoked, true);
            await Task.WhenAll(readers);

            Assert.Equal(0, tooLate);
            Assert.Null(await house.PayerAsync(key.Credential));
        }
    }

    [Fact]
    public async Task A_failed_load_is_not_remembered()
    {
        using var house = new House(new MemoryDirectory(new DirectoryOptions()));
        var key = await house.KeyAsync("a");
        var failing = new CountingKeys(house.Directory.Keys) { Failures = 1 };
        using var cache = new KeyCache(failing, house.Time, new CredentialCacheOptions());

        await Assert.ThrowsAsync<DirectoryException>(() => cache.FindAsync(key.Credential.Hash, None).AsTask());
        Assert.Equal("a", (await cache.FindAsync(key.Credential.Hash, None))!.Account);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(10_000_001, 1)]
    public void Bounds_out_of_bounds_are_refused(int capacity, int unknown)
    {
        using var directory = new MemoryDirectory(new DirectoryOptions());
        var options = new CredentialCacheOptions { Capacity = capacity, UnknownCapacity = unknown };

        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyCache(directory.Keys, new ManualTime(), options));
    }
}
