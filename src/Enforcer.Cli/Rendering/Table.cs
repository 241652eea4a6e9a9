using Enforcer.Cli.Shell;

namespace Enforcer.Cli.Rendering;

/// <summary>
/// Rows in aligned columns, without frames and without wrapping, the same on a terminal and in a pipe but for the colour of the
/// header. Cells lose control characters: what customers sent must not drive the operator's terminal.
/// </summary>
internal sealed class Table(params string[] headers)
{
    private readonly List<string[]> _rows = [];
    private readonly HashSet<int> _right = [];

    /// <summary>Whether there is any row.</summary>
    public bool IsEmpty => _rows.Count == 0;

    /// <summary>Aligns a column to the right, as amounts are.</summary>
    public Table Right(params int[] columns)
    {
        _right.UnionWith(columns);
        return this;
    }

    /// <summary>Adds a row with a cell for each header.</summary>
    public void Add(params string[] cells)
    {
        if (cells.Length != headers.Length)
            throw new ArgumentException($"the row has {cells.Length} cells, the table {headers.Length} columns.", nameof(cells));
        _rows.Add(Array.ConvertAll(cells, CleanText.Of));
    }

    /// <summary>Writes header and rows.</summary>
    public void Write(Terminal terminal)
    {
        var widths = headers.Select((header, column) => Math.Max(header.Length, _rows.Select(r => r[column].Length).DefaultIfEmpty().Max())).ToArray();
        terminal.Line(terminal.Dress(Format(headers, widths), Paint.Dim));
        foreach (var row in _rows)
            terminal.Line(Format(row, widths));
    }

    private string Format(string[] cells, int[] widths) => string.Join("  ", cells.Select(
        (cell, column) => _right.Contains(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd();
}
