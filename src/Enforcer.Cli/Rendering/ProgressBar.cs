using Enforcer.Cli.Shell;
using Spectre.Console;

namespace Enforcer.Cli.Rendering;

/// <summary>Shows on the error stream how far long work has come; nothing where nobody looks.</summary>
internal static class ProgressBar
{
    /// <summary>Runs work that tells its progress.</summary>
    /// <param name="terminal">Where to show it.</param>
    /// <param name="title">What is being done.</param>
    /// <param name="measure">How far a step is, and of how much; 0 of 0 where that is not known.</param>
    /// <param name="work">Gets null where nobody looks.</param>
    public static Task<TResult> RunAsync<TStep, TResult>(
        Terminal terminal, string title, Func<TStep, (long Done, long Of)> measure, Func<IProgress<TStep>?, Task<TResult>> work)
    {
        if (!terminal.ErrorIsTerminal)
            return work(null);
        return terminal.HumanError.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context => work(new Bar<TStep>(context.AddTask(title), measure)));
    }

    private sealed class Bar<TStep>(ProgressTask task, Func<TStep, (long Done, long Of)> measure) : IProgress<TStep>
    {
        public void Report(TStep value)
        {
            var (done, of) = measure(value);
            task.IsIndeterminate = of == 0;
            task.MaxValue = Math.Max(1, of);
            task.Value = done;
        }
    }
}
