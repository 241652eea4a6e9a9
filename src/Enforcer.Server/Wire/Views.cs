using Enforcer.Access;
using Enforcer.Host;
using Enforcer.Ledger;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Google.Protobuf;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Wire;

/// <summary>From what the server knows to the messages that show it.</summary>
internal static class Views
{
    public static V1.Outcome Of(in Outcome outcome, string? account)
    {
        var message = new V1.Outcome
        {
            Refusal = (V1.Refusal)outcome.Refusal,
            HeldNanos = outcome.HeldNanos,
            HeldTokens = outcome.HeldTokens,
            ChargedNanos = outcome.ChargedNanos,
            OverrunNanos = outcome.OverrunNanos,
            ExpiresAtMs = outcome.ExpiresAtMs,
            Seq = outcome.Seq,
            OutputTokens = outcome.OutputTokens,
            CostNanos = outcome.CostNanos,
        };
        if (outcome.HeadroomNanos != Outcome.NoCap) message.HeadroomNanos = outcome.HeadroomNanos;
        if (!outcome.IsGranted) message.Detail = DetailOf(outcome, account);
        return message;
    }

    public static V1.AccountView Of(AccountReading reading, string account)
    {
        var view = new V1.AccountView
        {
            Account = account,
            Unit = reading.Unit,
            Status = (V1.AccountStatus)reading.Status,
            CommittedNanos = reading.CommittedNanos,
            HeldNanos = reading.HeldNanos,
            OpenReservations = reading.OpenReservations,
            Concurrency = reading.Limits.Concurrency,
            OnExpiry = (V1.ExpiryPolicy)reading.Limits.OnExpiry,
            Seq = reading.Seq,
            Requests = RateOf(reading.Limits.Requests, reading.RequestsAvailable),
            Tokens = RateOf(reading.Limits.Tokens, reading.TokensAvailable),
        };
        foreach (var spend in reading.Spend) view.SpendLimits.Add(SpendOf(spend));
        return view;
    }

    public static V1.ReservationView Of(ReservationReading reading) => new()
    {
        ReservationId = Bytes(reading.Id),
        Status = reading.End switch
        {
            EntryKind.None => V1.ReservationStatus.Open,
            EntryKind.Released => V1.ReservationStatus.Released,
            EntryKind.Expired => V1.ReservationStatus.Expired,
            _ => V1.ReservationStatus.Committed,
        },
        HeldNanos = reading.HeldNanos,
        HeldTokens = reading.HeldTokens,
        CommittedNanos = reading.CommittedNanos,
        ReversedNanos = reading.ReversedNanos,
        ReservedAtMs = reading.ReservedAtMs,
        ExpiresAtMs = reading.ExpiresAtMs,
        Model = reading.Model ?? "",
        Tag = reading.Tag ?? "",
    };

    public static V1.LedgerEntry Of(in Entry entry, string account)
    {
        var view = new V1.LedgerEntry
        {
            Account = account,
            Seq = entry.Seq,
            AtMs = entry.AtMs,
            Kind = (V1.EntryKind)entry.Kind,
            OperationId = Bytes(entry.OperationId),
            ReservationId = Bytes(entry.ReservationId),
            HeldChangeNanos = entry.HeldDeltaNanos,
            CommittedChangeNanos = entry.CommittedDeltaNanos,
            OverrunNanos = entry.OverrunNanos,
            Tokens = entry.Tokens,
            AmountNanos = entry.AmountNanos,
            Final = entry.Final,
            Model = entry.Model ?? "",
            Tag = entry.Tag ?? "",
            Actor = entry.Actor ?? "",
            Reason = entry.Reason ?? "",
            ExpiresAtMs = entry.ExpiresAtMs,
        };
        if (entry.Priced is { } priced) view.Priced = CallMessages.Of(priced, entry.CommittedDeltaNanos);
        if (entry.Limits is { } limits) view.Limits = LimitMessages.Of(limits);
        if (entry.HeadroomNanos != Outcome.NoCap) view.HeadroomNanos = entry.HeadroomNanos;
        return view;
    }

    public static V1.KeyView Of(KeyRecord key) => new()
    {
        KeyId = key.KeyId,
        Account = key.Account,
        Label = key.Label,
        ShownPrefix = key.ShownPrefix,
        CreatedAtMs = key.CreatedAtMs,
        ExpiresAtMs = key.ExpiresAtMs,
        RevokedAtMs = key.RevokedAtMs,
    };

    public static V1.TokenView Of(TokenRecord token) => new()
    {
        TokenId = token.TokenId,
        Role = (V1.Role)token.Role,
        Label = token.Label,
        ShownPrefix = token.ShownPrefix,
        CreatedAtMs = token.CreatedAtMs,
        RevokedAtMs = token.RevokedAtMs,
    };

    private static V1.RefusalDetail DetailOf(in Outcome outcome, string? account) => new()
    {
        Account = account ?? "",
        Limit = outcome.Limit ?? "",
        ShortBy = outcome.ShortBy,
        InFlight = outcome.InFlight,
        RetryAfterMs = outcome.RetryAfterMs,
        Message = RefusalWords.Of(outcome) ?? "",
        Near = { outcome.Near ?? [] },
    };

    private static V1.SpendLimitView SpendOf(SpendReading spend) => new()
    {
        Limit = LimitMessages.Of(spend.Limit),
        CommittedNanos = spend.Use.CommittedNanos,
        HeldNanos = spend.Use.HeldNanos,
        DelegatedNanos = spend.Use.DelegatedNanos,
        HeadroomNanos = spend.HeadroomNanos,
        OverrunNanos = spend.Use.OverrunNanos,
        WindowStartMs = spend.Use.StartMs,
        WindowEndMs = spend.Limit.IsWindowed ? spend.Use.EndMs : 0,
    };

    private static V1.RateView? RateOf(RateLimit? limit, long available) =>
        limit is null ? null : new V1.RateView { PerMinute = limit.PerMinute, Burst = limit.Burst, Available = available };

    private static ByteString Bytes(OperationId id)
    {
        if (id.IsNone) return ByteString.Empty;
        Span<byte> bytes = stackalloc byte[OperationId.Size];
        id.Write(bytes);
        return ByteString.CopyFrom(bytes);
    }
}
