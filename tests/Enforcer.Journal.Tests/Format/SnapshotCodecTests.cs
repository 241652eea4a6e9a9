using Enforcer.Journal.Format;
using Enforcer.Journal.Tests.Support;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Prices;
using Enforcer.Ledger.Reservations;
using FsCheck;
using FsCheck.Fluent;

namespace Enforcer.Journal.Tests.Format;

public sealed class SnapshotCodecTests
{
    private static readonly Arbitrary<AccountSnapshot> Snapshots =
        Gen.Choose(int.MinValue, int.MaxValue).Select(seed => Make(new Random(seed))).ToArbitrary();

    [Fact]
    public void Every_snapshot_is_read_as_it_was_written_and_gives_the_same_bytes_again() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(Snapshots, snapshot =>
        {
            var bytes = SnapshotCodec.Write(snapshot);
            var read = SnapshotCodec.Read(bytes);
            return SnapshotCodec.Write(read).SequenceEqual(bytes)
                && read.Limits.Equals(snapshot.Limits)
                && read.Counters.SequenceEqual(snapshot.Counters)
                && read.Reservations.SequenceEqual(snapshot.Reservations)
                && read.Operations.SequenceEqual(snapshot.Operations)
                && read.CountsPeriod == snapshot.CountsPeriod
                && read.Counts.SequenceEqual(snapshot.Counts)
                && (read.Status, read.Seq, read.LastAtMs, read.Unit, read.CommittedNanos, read.Requests, read.Tokens, read.ForgottenAtMs)
                    == (snapshot.Status, snapshot.Seq, snapshot.LastAtMs, snapshot.Unit, snapshot.CommittedNanos, snapshot.Requests, snapshot.Tokens, snapshot.ForgottenAtMs);
        }));

    [Fact]
    public void Any_bytes_are_a_snapshot_or_corrupt_and_nothing_else() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var bytes = random.Next(2) == 0 ? SnapshotCodec.Write(Make(random)) : new byte[random.Next(200)];
            for (var i = random.Next(8); i >= 0 && bytes.Length > 1; i--) bytes[random.Next(1, bytes.Length)] = (byte)random.Next(256);
            if (bytes.Length > 0) bytes[0] = SnapshotCodec.Version;
            try
            {
                SnapshotCodec.Read(bytes);
            }
            catch (JournalCorruptException)
            {
            }
            return true;
        }));

    [Fact]
    public void A_newer_version_is_refused_by_name()
    {
        var bytes = SnapshotCodec.Write(Make(new Random(1)));
        bytes[0] = SnapshotCodec.Version + 1;
        var error = Assert.Throws<JournalFormatException>(() => SnapshotCodec.Read(bytes));
        Assert.Contains($"version {SnapshotCodec.Version + 1}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_of_version_1_is_one_without_prices()
    {
        var bytes = SnapshotCodec.Write(new AccountSnapshot { Status = AccountStatus.Active, Seq = 7, Unit = "USD", CommittedNanos = 12 });
        var old = bytes[..^3];
        old[0] = 1;
        Assert.Equal(bytes, SnapshotCodec.InPresentForm(old).ToArray());
        var read = SnapshotCodec.Read(old);
        Assert.Equal((AccountStatus.Active, 7L, "USD", 12L, 0), (read.Status, read.Seq, read.Unit, read.CommittedNanos, read.CountsPeriod));
    }

    private static AccountSnapshot Make(Random random) => new()
    {
        Status = (AccountStatus)random.Next(4),
        Seq = AnyEntry.Number(random),
        LastAtMs = AnyEntry.Number(random),
        Unit = random.Next(2) == 0 ? "USD" : "credits",
        Limits = AnyEntry.Limits(random),
        CommittedNanos = AnyEntry.Number(random),
        Requests = new TokenBucket { Level = AnyEntry.Number(random), AtMs = AnyEntry.Number(random) },
        Tokens = new TokenBucket { Level = AnyEntry.Number(random), AtMs = AnyEntry.Number(random) },
        ForgottenAtMs = AnyEntry.Number(random),
        Counters = [.. AnyEntry.Limits(random).Spend.Select((limit, slot) => new CounterSnapshot(slot * 3, limit, AnyEntry.Number(random), Use(random), Use(random)))],
        Reservations = [.. Enumerable.Range(0, random.Next(20)).Select(_ => new Reservation
        {
            Id = AnyEntry.Id(random, out var _),
            HeldNanos = AnyEntry.Number(random),
            Tokens = AnyEntry.Number(random),
            CommittedNanos = AnyEntry.Number(random),
            ExpiresAtMs = AnyEntry.Number(random),
            ReservedSeq = AnyEntry.Number(random),
            LimitMask = (uint)random.Next(),
            IsUsed = random.Next(2) == 0,
            Priced = random.Next(2) == 0 ? AnyEntry.Priced(random) : null,
        })],
        Operations = [.. Enumerable.Range(0, random.Next(10)).Select(_ => new RememberedOperation
        {
            Id = AnyEntry.Id(random, out var _),
            BodyHash = (uint)random.Next(),
            Kind = (EntryKind)random.Next(1, 15),
            Seq = AnyEntry.Number(random),
            HeldNanos = AnyEntry.Number(random),
            HeadroomNanos = AnyEntry.Number(random),
            TokensOrChargedNanos = AnyEntry.Number(random),
            ExpiryOrOverrunNanos = AnyEntry.Number(random),
            OutputTokensOrCostNanos = AnyEntry.Number(random),
        })],
        CountsPeriod = 24_310,
        Counts = [.. Enumerable.Range(0, random.Next(3)).Select(i => new PeriodCount($"count {i}", AnyEntry.Number(random), AnyEntry.Number(random)))],
    };

    private static WindowUse Use(Random random) => new()
    {
        SinceSeq = AnyEntry.Number(random),
        StartMs = AnyEntry.Number(random),
        EndMs = AnyEntry.Number(random),
        CommittedNanos = AnyEntry.Number(random),
        HeldNanos = AnyEntry.Number(random),
        DelegatedNanos = AnyEntry.Number(random),
        OverrunNanos = AnyEntry.Number(random),
    };
}
