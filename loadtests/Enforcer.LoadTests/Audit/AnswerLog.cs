using System.Globalization;
using System.Runtime.InteropServices;
using Enforcer.LoadTests.Edges;

namespace Enforcer.LoadTests.Audit;

/// <summary>
/// Notes every answer of one client in a file of its own, in the order in which they came. A file per client: nobody waits
/// for anybody. Byte order is the machine's; the files are read where they were written.
/// </summary>
internal sealed class AnswerLog : IDisposable
{
    private const int Gathered = 1_024;

    private readonly Answer[] _answers = new Answer[Gathered];
    private readonly FileStream _file;
    private int _count;

    public AnswerLog(string folder, int client)
    {
        Directory.CreateDirectory(folder);
        var name = string.Create(CultureInfo.InvariantCulture, $"client-{client}-{Guid.NewGuid():N}.answers");
        _file = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    public void Add(in EdgeCommand command, in EdgeAnswer answer, bool wasResent = false)
    {
        _answers[_count++] = new Answer
        {
            IdHigh = (ulong)(command.OperationId >> 64),
            IdLow = unchecked((ulong)command.OperationId),
            ReservationHigh = (ulong)(command.ReservationId >> 64),
            ReservationLow = unchecked((ulong)command.ReservationId),
            AmountNanos = command.AmountNanos,
            HeldNanos = answer.HeldNanos,
            ChargedNanos = answer.ChargedNanos,
            OverrunNanos = answer.OverrunNanos,
            Seq = answer.Seq,
            Account = command.Account,
            Verb = (byte)command.Verb,
            Refusal = (byte)answer.Refusal,
            Resent = wasResent ? (byte)1 : (byte)0,
        };
        if (_count == Gathered)
            Flush();
    }

    public void Dispose()
    {
        Flush();
        _file.Dispose();
    }

    /// <summary>All answers of all clients in a folder.</summary>
    public static IEnumerable<Answer> ReadAll(string folder)
    {
        var buffer = new Answer[Gathered];
        foreach (var path in Directory.EnumerateFiles(folder, "*.answers").Order(StringComparer.Ordinal))
        {
            using var file = File.OpenRead(path);
            while (file.ReadAtLeast(MemoryMarshal.AsBytes(buffer.AsSpan()), Marshal.SizeOf<Answer>() * Gathered, throwOnEndOfStream: false) is > 0 and var bytes)
            {
                for (var i = 0; i < bytes / Marshal.SizeOf<Answer>(); i++)
                {
                    yield return buffer[i];
                }
            }
        }
    }

    private void Flush()
    {
        _file.Write(MemoryMarshal.AsBytes(_answers.AsSpan(0, _count)));
        _count = 0;
    }
}
