namespace Enforcer.Access.Tests;

/// <summary>A directory with everything that stands on it, on a clock and randomness that tests control.</summary>
internal sealed class House : IDisposable
{
    public House(IDirectory directory, int seed = 1)
    {
        Directory = directory;
        Secrets = new SeededSecrets(seed);
        Cache = new KeyCache(directory.Keys, Time, new CredentialCacheOptions(), directory.News);
        Keys = new KeyIssuer(directory.Keys, Cache, Time, Secrets);
        Authenticator = new Authenticator(directory.Tokens, Time, new CredentialCacheOptions(), directory.News);
        Tokens = new TokenIssuer(directory.Tokens, Authenticator, Time, Secrets);
    }

    public ManualTime Time { get; } = new();

    public IDirectory Directory { get; }

    public SeededSecrets Secrets { get; }

    public KeyCache Cache { get; }

    public KeyIssuer Keys { get; }

    public Authenticator Authenticator { get; }

    public TokenIssuer Tokens { get; }

    public async Task<long> AccountAsync(string id) =>
        (await Directory.Accounts.CreateAsync(new NewAccount(id, "USD", Time.NowMs), CancellationToken.None)).Number;

    public async Task<IssuedKey> KeyAsync(string account, string label = "") =>
        (await Keys.CreateAsync(await AccountAsync(account), label, "tok_test", "", CancellationToken.None))!;

    public async Task<string?> PayerAsync(Credential credential) =>
        (await Cache.FindAsync(credential.Hash, CancellationToken.None))?.Account;

    public async Task<Identity?> WhoAsync(Credential credential) =>
        await Authenticator.AuthenticateAsync($"Bearer {credential.Reveal()}", CancellationToken.None);

    public void Dispose()
    {
        Cache.Dispose();
        Authenticator.Dispose();
        Directory.Dispose();
    }
}
