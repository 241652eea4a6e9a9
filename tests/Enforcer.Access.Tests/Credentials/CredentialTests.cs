using System.Numerics;
using System.Text;

namespace Enforcer.Access.Tests;

public sealed class CredentialTests
{
    private const string Characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_- é";

    public static TheoryData<CredentialKind> Kinds => new(Enum.GetValues<CredentialKind>());

    [Theory]
    [InlineData(CredentialKind.Key, "enf_live_", 58)]
    [InlineData(CredentialKind.EdgeToken, "enf_edge_", 58)]
    [InlineData(CredentialKind.ViewerToken, "enf_view_", 58)]
    [InlineData(CredentialKind.OperatorToken, "enf_oper_", 58)]
    [InlineData(CredentialKind.AdminToken, "enf_admin_", 59)]
    public void A_secret_says_what_it_is_for_and_has_one_length(CredentialKind kind, string prefix, int length)
    {
        var secrets = new SeededSecrets(7);
        for (var i = 0; i < 1_000; i++)
        {
            var secret = Credential.Create(kind, secrets).Reveal();
            Assert.StartsWith(prefix, secret, StringComparison.Ordinal);
            Assert.Equal(length, secret.Length);
        }
    }

    [Fact]
    public void The_body_is_the_random_number_in_base_62()
    {
        var random = new byte[Credential.RandomBytes];
        for (var seed = 0; seed < 100; seed++)
        {
            new SeededSecrets(seed).Fill(random);
            var secret = Credential.Create(CredentialKind.Key, new SeededSecrets(seed)).Reveal();
            Assert.Equal(new BigInteger(random, isUnsigned: true, isBigEndian: true), Decode(secret[9..52]));
        }

        var largest = Credential.Create(CredentialKind.Key, new Filled(byte.MaxValue)).Reveal();
        Assert.Equal((BigInteger.One << 256) - 1, Decode(largest[9..52]));
    }

    [Fact]
    public void The_checksum_is_crc_32_of_what_stands_before_it()
    {
        var secret = Credential.Create(CredentialKind.Key, new SeededSecrets(3)).Reveal();

        Assert.Equal(BitwiseCrc32(secret[..^6]), Decode(secret[^6..]));
        Assert.Equal(0xCBF43926, BitwiseCrc32("123456789"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_made_is_read_back(CredentialKind kind)
    {
        var made = Credential.Create(kind, new SeededSecrets(11));

        Assert.Equal(CredentialFault.None, Credential.Read(made.Reveal(), out var read));
        Assert.Equal(kind, read!.Kind);
        Assert.Equal(made.Hash, read.Hash);
        Assert.Equal(made.ShownPrefix, read.ShownPrefix);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_single_wrong_character_is_found(CredentialKind kind)
    {
        var good = Credential.Create(kind, new SeededSecrets(5)).Reveal();
        for (var i = 0; i < good.Length; i++)
        {
            foreach (var c in Characters.Where(c => c != good[i]))
                Assert.NotEqual(CredentialFault.None, Credential.Check(good[..i] + c + good[(i + 1)..], out _));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_missing_doubled_or_swapped_character_is_found(CredentialKind kind)
    {
        var good = Credential.Create(kind, new SeededSecrets(6)).Reveal();
        for (var i = 0; i < good.Length; i++)
        {
            Assert.NotEqual(CredentialFault.None, Credential.Check(good.Remove(i, 1), out _));
            Assert.NotEqual(CredentialFault.None, Credential.Check(good.Insert(i, good[i].ToString()), out _));
            if (i + 1 < good.Length && good[i] != good[i + 1])
                Assert.NotEqual(CredentialFault.None, Credential.Check(good[..i] + good[i + 1] + good[i] + good[(i + 2)..], out _));
        }
    }

    [Theory]
    [InlineData(null, CredentialFault.Prefix)]
    [InlineData("", CredentialFault.Prefix)]
    [InlineData("sk-proj-0000", CredentialFault.Prefix)]
    [InlineData("ENF_LIVE_0000000000000000000000000000000000000000000000000", CredentialFault.Prefix)]
    [InlineData("enf_live_", CredentialFault.Length)]
    [InlineData("enf_live_000000000000000000000000000000000000000000000000", CredentialFault.Length)]
    [InlineData("enf_live_00000000000000000000000000000000000000000000000000", CredentialFault.Length)]
    [InlineData("enf_live_000000000000000000000000-000000000000000000000000", CredentialFault.Alphabet)]
    [InlineData("enf_live_0000000000000000000000000000000000000000000000000", CredentialFault.Checksum)]
    public void The_first_fault_is_told(string? text, CredentialFault fault)
    {
        Assert.Equal(fault, Credential.Read(text, out var credential));
        Assert.Null(credential);
    }

    [Fact]
    public void Messages_show_the_beginning_only()
    {
        var credential = Credential.Create(CredentialKind.Key, new SeededSecrets(8));
        var secret = credential.Reveal();

        Assert.Equal(secret[..15], credential.ShownPrefix);
        Assert.Equal(secret[..15] + "…", $"{credential}");
    }

    [Fact]
    public void A_hash_is_sha_256_of_the_text_in_characters_or_bytes()
    {
        var secret = Credential.Create(CredentialKind.Key, new SeededSecrets(9)).Reveal();
        var bytes = Encoding.UTF8.GetBytes(secret);

        Assert.Equal(System.Security.Cryptography.SHA256.HashData(bytes), CredentialHash.Of(secret).ToArray());
        Assert.Equal(CredentialHash.Of(secret), CredentialHash.Of(bytes));
        Assert.Equal(CredentialHash.Of(secret), new CredentialHash(CredentialHash.Of(secret).ToArray()));
    }

    [Fact]
    public void Whatever_else_is_presented_has_another_hash()
    {
        var secret = Credential.Create(CredentialKind.AdminToken, new SeededSecrets(10)).Reveal();
        var hash = CredentialHash.Of(secret);
        string[] others =
        [
            "", secret[..^1], secret + "0", secret + new string('0', 100), secret + "\0", " " + secret,
            secret.Replace('e', '\u0435'), secret.ToUpperInvariant(),
        ];

        Assert.All(others, other => Assert.NotEqual(hash, CredentialHash.Of(other)));
        Assert.All(others, other => Assert.NotEqual(hash, CredentialHash.Of(Encoding.UTF8.GetBytes(other))));
    }

    [Fact]
    public void Hashing_allocates_nothing()
    {
        var secret = Credential.Create(CredentialKind.Key, new SeededSecrets(12)).Reveal();
        var bytes = Encoding.UTF8.GetBytes(secret);
        var same = CredentialHash.Of(secret) == CredentialHash.Of(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            same &= CredentialHash.Of(secret) == CredentialHash.Of(bytes);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(same);
    }

    private static BigInteger Decode(string digits) => digits.Aggregate(
        BigInteger.Zero, (sum, c) => (sum * 62) + Characters.IndexOf(c, StringComparison.Ordinal));

    private static uint BitwiseCrc32(string text)
    {
        var crc = uint.MaxValue;
        foreach (var c in text)
        {
            crc ^= c;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
        }

        return ~crc;
    }

    private sealed class Filled(byte value) : ISecretSource
    {
        public void Fill(Span<byte> bytes) => bytes.Fill(value);
    }
}
