using System.CommandLine;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;

namespace Enforcer.Cli.Rendering;

/// <summary>How much of a long list is shown: what was asked for; else a page for people, and all for scripts. One more is fetched, to know of a rest.</summary>
internal sealed class PageLimit(long? limit, bool isJson)
{
    private const int Page = 100;
    private readonly long _most = limit ?? (isJson ? 0 : Page);
    private long _taken;
    private bool _hasMore;

    /// <summary>How many to ask the server for; 0: all.</summary>
    public int Asked => _most == 0 ? 0 : (int)Math.Min(int.MaxValue, _most + 1);

    /// <summary>The option.</summary>
    public static Option<long?> Create(string what) =>
        CliOption.One<long>("--limit", $"At most so many {what}, or none for all. [default: {Page}; none with --json]", "N", ValueParsers.CountOrNone);

    /// <summary>False for the one that is too many.</summary>
    public bool Takes()
    {
        _hasMore = _most > 0 && _taken == _most;
        if (!_hasMore)
            _taken++;
        return !_hasMore;
    }

    /// <summary>Says that there are more, and how to get at them.</summary>
    public void NoteRest(Terminal terminal, string what, string narrower)
    {
        if (_hasMore)
            terminal.Note($"These are the first {LimitLines.Count(_taken)} {what} and there are more: give {narrower}, or --limit none.");
    }
}
