namespace Enforcer.Edge.Spending;

/// <summary>What became of a settlement.</summary>
internal enum SettleResult
{
    /// <summary>It is booked, by this attempt or an earlier one.</summary>
    Done,

    /// <summary>Nobody knows; try again.</summary>
    Later,

    /// <summary>It can never be booked any more: the reservation is not known, or too old. What was held has been charged.</summary>
    Never,
}
