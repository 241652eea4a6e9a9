namespace Enforcer.Server.Edges.Wire;

/// <summary>How a command names its account; the numbers are those of the fields of <c>AccountRef</c>.</summary>
internal enum AccountNaming : byte
{
    None = 0,
    Id = 1,
    Key = 2,
}
