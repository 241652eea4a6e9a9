namespace Enforcer.Cli.Rendering;

/// <summary>
/// How a bar of some cells is shared between committed, held and headroom, in whole numbers. What is not zero shows at least one
/// cell, and a cap that is not reached never looks full.
/// </summary>
internal readonly record struct Bar
{
    private Bar(int committed, int held, int headroom)
    {
        Committed = committed;
        Held = held;
        Headroom = headroom;
    }

    /// <summary>Cells for what is committed.</summary>
    public int Committed { get; }

    /// <summary>Cells for what is held or delegated.</summary>
    public int Held { get; }

    /// <summary>Cells for what is left.</summary>
    public int Headroom { get; }

    /// <summary>Shares the cells out.</summary>
    /// <param name="committed">What is committed, 0 or more.</param>
    /// <param name="held">What is held or delegated, 0 or more.</param>
    /// <param name="cap">The cap, 0 or more; may be less than what is used.</param>
    /// <param name="cells">At least 3.</param>
    public static Bar Of(long committed, long held, long cap, int cells)
    {
        // 128 bits, because a balance of 2^63 times the cells would overflow.
        var whole = Int128.Max(cap, (Int128)committed + held);
        if (whole == 0)
            return new(0, 0, cells);
        var headroom = Cells(whole - committed - held, whole, cells);
        var heldCells = Math.Min(Cells(held, whole, cells), cells - headroom);
        var rest = cells - headroom - heldCells;
        if (committed > 0 && rest == 0)
            return headroom >= heldCells ? new(1, heldCells, headroom - 1) : new(1, heldCells - 1, headroom);
        return committed == 0 ? new(0, heldCells, cells - heldCells) : new(rest, heldCells, headroom);
    }

    private static int Cells(Int128 part, Int128 whole, int cells) => part <= 0 ? 0 : Math.Max(1, (int)(part * cells / whole));
}
