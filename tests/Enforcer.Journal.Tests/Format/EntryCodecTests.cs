using Enforcer.Journal.Format;
using Enforcer.Journal.Tests.Support;
using Enforcer.Ledger;
using Enforcer.Ledger.Entries;
using FsCheck;
using FsCheck.Fluent;

namespace Enforcer.Journal.Tests.Format;

public sealed class EntryCodecTests
{
    private const long BaseMs = 1_760_000_000_000;

    [Fact]
    public void Every_entry_is_read_as_it_was_written() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(AnyEntry.Arbitrary, entry =>
        {
            var bytes = Write(entry);
            var reader = new ByteReader(bytes);
            var read = EntryCodec.Read(ref reader, entry.Seq, BaseMs);
            return reader.IsAtEnd && read == entry && bytes.Length <= EntryCodec.MaxBytes(entry);
        }));

    [Fact]
    public void An_entry_that_was_cut_anywhere_is_refused() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(AnyEntry.Arbitrary, entry =>
        {
            var bytes = Write(entry);
            return Enumerable.Range(0, bytes.Length).All(length => IsRefused(bytes[..length]));
        }));

    [Fact]
    public void Any_bytes_are_an_entry_or_corrupt_and_nothing_else() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var bytes = random.Next(2) == 0 ? Write(AnyEntry.Make(random)) : new byte[random.Next(200)];
            for (var i = random.Next(8); i >= 0 && bytes.Length > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            _ = IsRefused(bytes);
            return true;
        }));

    [Fact]
    public void Ordinary_calls_are_small()
    {
        var id = OperationId.NewV7(BaseMs + 7, 0x123456789ABCDEF, 0x123456789ABCDEF);
        var reserved = new Entry
        {
            Kind = EntryKind.Reserved,
            Seq = 100_001,
            AtMs = BaseMs + 12,
            OperationId = id,
            BodyHash = 0xDEADBEEF,
            ReservationId = id,
            HeldDeltaNanos = 25_000_000,
            HeldAfterNanos = 25_000_000,
            TokensDelta = 1_200,
            TokensAfter = 1_200,
            RequestsDelta = 1,
            ExpiresAtMs = BaseMs + 300_012,
            LimitMask = 3,
            HeadroomNanos = 999_123_456_789,
            Model = "gpt-5.5-mini",
        };
        Assert.InRange(Write(reserved).Length, 1, 56);
        Assert.InRange(Write(reserved with
        {
            Kind = EntryKind.Committed,
            OperationId = OperationId.NewV7(BaseMs + 900, 1, 2),
            HeldDeltaNanos = -25_000_000,
            CommittedDeltaNanos = 17_123_456,
            Final = true,
            Tokens = 800,
            TokensDelta = -400,
            ExpiresAtMs = 0,
            HeldAfterNanos = 0,
            TokensAfter = 0,
            RequestsDelta = 0,
            LimitMask = 0,
            Model = null,
        }).Length, 1, 60);
    }

    private static byte[] Write(in Entry entry)
    {
        var bytes = new byte[EntryCodec.MaxBytes(entry)];
        var writer = new ByteWriter(bytes);
        EntryCodec.Write(ref writer, entry, BaseMs);
        return bytes[..writer.Position];
    }

    private static bool IsRefused(byte[] bytes)
    {
        try
        {
            var reader = new ByteReader(bytes);
            EntryCodec.Read(ref reader, 1, BaseMs);
            return false;
        }
        catch (JournalCorruptException)
        {
            return true;
        }
    }
}
