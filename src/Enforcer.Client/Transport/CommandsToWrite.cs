namespace Enforcer.Client;

/// <summary>Commands of a table that leave in one batch.</summary>
/// <param name="Table">Where they are.</param>
/// <param name="Indices">Their slots.</param>
/// <param name="Count">How many of these are meant.</param>
internal readonly record struct CommandsToWrite(CommandTable Table, int[] Indices, int Count);
