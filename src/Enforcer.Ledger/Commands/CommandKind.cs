namespace Enforcer.Ledger.Commands;

/// <summary>What a command asks for.</summary>
public enum CommandKind : byte
{
    /// <summary>No command.</summary>
    None = 0,

    /// <summary>Set money, tokens and a request slot aside.</summary>
    Reserve = 1,

    /// <summary>Raise an open reservation.</summary>
    Extend = 2,

    /// <summary>Settle at the real cost, in part or for good.</summary>
    Commit = 3,

    /// <summary>End a reservation of a call that was never made.</summary>
    Release = 4,

    /// <summary>End what is due; no operation id, has an effect only if something is due.</summary>
    Expire = 5,

    /// <summary>Make the account.</summary>
    Open = 6,

    /// <summary>Replace the limits.</summary>
    SetLimits = 7,

    /// <summary>Raise the life-long cap.</summary>
    TopUp = 8,

    /// <summary>Refuse what is new until resumed.</summary>
    Suspend = 9,

    /// <summary>End a suspension.</summary>
    Resume = 10,

    /// <summary>Refuse what is new for good.</summary>
    Close = 11,

    /// <summary>Give back all or part of a finished commit.</summary>
    Reverse = 12,
}
