namespace Enforcer.Cli.Shell;

/// <summary>How a piece of text looks on a terminal with colours.</summary>
internal enum Paint
{
    /// <summary>As it is.</summary>
    Plain,

    /// <summary>Names and headings.</summary>
    Bold,

    /// <summary>What is less important.</summary>
    Dim,

    /// <summary>Good.</summary>
    Green,

    /// <summary>Worth a look.</summary>
    Yellow,

    /// <summary>Refused, failed.</summary>
    Red,
}
