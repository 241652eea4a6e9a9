using System.Text;
using System.Threading.Channels;

namespace Enforcer.Cli.Tests.Support;

/// <summary>Hands out lines as they are written.</summary>
internal sealed class LineWatcher : TextWriter
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value) => _lines.Writer.TryWrite(value ?? "");

    /// <summary>The next line that begins like this, without that beginning.</summary>
    public async Task<string> AfterAsync(string beginning)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var line = await _lines.Reader.ReadAsync(patience.Token);
            if (line.StartsWith(beginning, StringComparison.Ordinal))
                return line[beginning.Length..].Trim();
        }
    }
}
