using Spectre.Console;

namespace Enforcer.LoadTests.Measuring;

/// <summary>What people see while a test runs and after it: bars on a terminal, plain lines elsewhere.</summary>
internal static class Display
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(200);

    /// <summary>Plain and wide where nobody looks at a terminal: colours and narrow lines only hurt in a file.</summary>
    static Display()
    {
        if (!Console.IsOutputRedirected)
            return;
        AnsiConsole.Profile.Capabilities.Ansi = false;
        AnsiConsole.Profile.Capabilities.Interactive = false;
        AnsiConsole.Profile.Width = 200;
    }

    /// <summary>Awaits the work and shows how far it is.</summary>
    /// <param name="title">What is going on.</param>
    /// <param name="fraction">How far it is, 0 to 1.</param>
    /// <param name="work">Started already.</param>
    public static async Task<T> FollowAsync<T>(string title, Func<double> fraction, Task<T> work)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive)
        {
            Say(title);
            return await work.ConfigureAwait(false);
        }

        await AnsiConsole.Progress().HideCompleted(true).StartAsync(async progress =>
        {
            var bar = progress.AddTask(Markup.Escape(title));
            while (!work.IsCompleted)
            {
                bar.Value = Math.Clamp(fraction() * 100, 0, 100);
                await Task.WhenAny(work, Task.Delay(Redraw)).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        return await work.ConfigureAwait(false);
    }

    public static Task FollowAsync(string title, Func<double> fraction, Task work) => FollowAsync(title, fraction, ReturnTrueAsync(work));

    public static void Say(string text) => AnsiConsole.MarkupLineInterpolated($"{text}");

    public static void Show(Report report)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("figure").AddColumn(new TableColumn("value").RightAligned());
        foreach (var (name, value) in report.ToJson())
        {
            if (value is not System.Text.Json.Nodes.JsonArray and not System.Text.Json.Nodes.JsonObject)
                table.AddRow(Markup.Escape(name), Markup.Escape(Report.Show(value)));
        }

        AnsiConsole.Write(table);
        foreach (var failure in report.Failures)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]fails:[/] {failure}");
        }
    }

    private static async Task<bool> ReturnTrueAsync(Task work)
    {
        await work.ConfigureAwait(false);
        return true;
    }
}
