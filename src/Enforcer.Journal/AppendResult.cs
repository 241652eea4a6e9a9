namespace Enforcer.Journal;

/// <summary>How an append went, and what was wrong.</summary>
public readonly record struct AppendResult
{
    /// <summary>The batch is durable.</summary>
    public static AppendResult Appended => default;

    /// <summary>How it went.</summary>
    public AppendStatus Status { get; private init; }

    /// <summary>What was wrong; null for a durable batch.</summary>
    public Exception? Error { get; private init; }

    /// <summary>The accounts that were refused, where the status is <see cref="AppendStatus.Rejected"/>.</summary>
    public IReadOnlyList<long> RejectedAccounts => _rejectedAccounts ?? [];

    private readonly IReadOnlyList<long>? _rejectedAccounts;

    private AppendResult(AppendStatus status, Exception error, IReadOnlyList<long>? rejectedAccounts = null)
    {
        Status = status;
        Error = error;
        _rejectedAccounts = rejectedAccounts;
    }

    /// <summary>Nothing was written; these accounts belong to another owner.</summary>
    public static AppendResult Rejected(IReadOnlyList<long> accounts) =>
        new(AppendStatus.Rejected, new JournalLostException("The account belongs to another owner now; load it again."), accounts);

    /// <summary>Nothing was written, for lack of room.</summary>
    public static AppendResult Full(Exception error) => new(AppendStatus.Full, error);

    /// <summary>Nobody knows whether it was written.</summary>
    public static AppendResult Unknown(Exception error) => new(AppendStatus.Unknown, error);

    /// <summary>Nothing was written, because another owner holds the fence.</summary>
    public static AppendResult Fenced(JournalFencedException error) => new(AppendStatus.Fenced, error);

    /// <summary>A failed fsync.</summary>
    public static AppendResult Broken(Exception error) => new(AppendStatus.Broken, error);
}
