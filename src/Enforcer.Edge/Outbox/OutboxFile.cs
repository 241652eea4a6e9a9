using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Enforcer.Edge.Outbox;

/// <summary>
/// The file of the outbox: a line of JSON for each record, with a checksum before it. A line that a kill or a full disk left half written can
/// only be the last one, and is overwritten; one in the middle means that the file is damaged.
/// </summary>
internal sealed class OutboxFile : IDisposable
{
    private const string Name = "outbox.log";
    private const int SumBytes = 8;
    private readonly string _folder;
    private readonly FileStream _lock;
    private readonly Lock _flushing = new();
    private SafeFileHandle _file;

    private OutboxFile(string folder, FileStream alone)
    {
        _folder = folder;
        _lock = alone;
        _file = File.OpenHandle(PathOf(Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
    }

    /// <summary>Its length, in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Opens it, alone.</summary>
    /// <exception cref="OutboxException">Another edge has it, or the folder cannot be used.</exception>
    public static OutboxFile Open(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var alone = new FileStream(Path.Combine(folder, "outbox.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new OutboxFile(folder, alone);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutboxException($"the outbox in '{folder}' cannot be opened: {failure.Message} Does another edge use it? Name another folder with --data.", failure);
        }
    }

    /// <summary>Reads all records.</summary>
    /// <exception cref="OutboxException">A line in the middle is damaged.</exception>
    public IReadOnlyList<OutboxRecord> Read()
    {
        var bytes = new byte[RandomAccess.GetLength(_file)];
        var length = 0;
        for (int read; (read = RandomAccess.Read(_file, bytes.AsSpan(length), length)) > 0;)
            length += read;
        var records = new List<OutboxRecord>();
        var rest = bytes.AsSpan(0, length);
        while (rest.IndexOf((byte)'\n') is >= 0 and var end)
        {
            if (Parse(rest[..end]) is not { } record)
            {
                if (rest.Length > end + 1)
                    throw new OutboxException($"'{PathOf(Name)}' is damaged in line {records.Count + 1}. Move it away and settle the calls in it by hand, from that line on.");
                break;
            }
            records.Add(record);
            Length += end + 1;
            rest = rest[(end + 1)..];
        }
        return records;
    }

    /// <summary>Adds a record. It outlives a kill at once, the machine only after <see cref="Flush"/>.</summary>
    public void Append(OutboxRecord record)
    {
        var lines = new ArrayBufferWriter<byte>();
        Write(lines, record);
        RandomAccess.Write(_file, lines.WrittenSpan, Length);
        Length += lines.WrittenCount;
    }

    /// <summary>Makes durable what was added before. May run beside <see cref="Append"/> and <see cref="Rewrite"/>, which does it by itself.</summary>
    public void Flush()
    {
        lock (_flushing)
            RandomAccess.FlushToDisk(_file);
    }

    /// <summary>Puts a new file with these records in the place of the old one.</summary>
    public void Rewrite(IEnumerable<OutboxRecord> records)
    {
        var fresh = PathOf(Name + ".new");
        var file = File.OpenHandle(fresh, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var lines = new ArrayBufferWriter<byte>();
            foreach (var record in records)
                Write(lines, record);
            RandomAccess.Write(file, lines.WrittenSpan, 0);
            RandomAccess.FlushToDisk(file);
            File.Move(fresh, PathOf(Name), overwrite: true);
            Length = lines.WrittenCount;
        }
        catch
        {
            file.Dispose();
            throw;
        }
        lock (_flushing)
        {
            _file.Dispose();
            _file = file;
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    private static void Write(ArrayBufferWriter<byte> lines, OutboxRecord record)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(record, OutboxJson.Default.OutboxRecord);
        lines.Write(Encoding.ASCII.GetBytes(SumOf(json)));
        lines.Write(" "u8);
        lines.Write(json);
        lines.Write("\n"u8);
    }

    private static OutboxRecord? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length < (2 * SumBytes) + 1 || Encoding.ASCII.GetString(line[..(2 * SumBytes)]) != SumOf(line[((2 * SumBytes) + 1)..]))
            return null;
        return JsonSerializer.Deserialize(line[((2 * SumBytes) + 1)..], OutboxJson.Default.OutboxRecord);
    }

    private static string SumOf(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, SumBytes));

    private string PathOf(string name) => Path.Combine(_folder, name);
}
