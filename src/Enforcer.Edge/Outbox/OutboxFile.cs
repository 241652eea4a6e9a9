using Microsoft.Win32.SafeHandles;

namespace Enforcer.Edge.Outbox;

/// <summary>
/// The file of the outbox: a line of JSON for each record, with a checksum before it. A line that a kill or a full disk left half written can
/// only be the last one, and is overwritten; one in the middle means that the file is damaged. One at a time uses it, but for <see cref="Flush"/> and <see cref="Prepare"/>,
/// which may run beside the others.
/// </summary>
internal sealed class OutboxFile : IDisposable
{
    private const string Name = "outbox.log";
    private readonly string _folder;
    private readonly FileStream _lock;
    private readonly Lock _flushing = new();
    private readonly OutboxLines _lines = new();
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
        var bytes = ReadFrom(0, RandomAccess.GetLength(_file));
        var records = new List<OutboxRecord>();
        var rest = bytes.AsSpan();
        while (rest.IndexOf((byte)'\n') is >= 0 and var end)
        {
            if (OutboxLines.Parse(rest[..end]) is not { } record)
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

    /// <summary>Takes a record that is written with the next one.</summary>
    public void Hold(OutboxRecord record) => _lines.Add(record);

    /// <summary>Adds a record, and those that were held before it. It outlives a kill at once, the machine only after <see cref="Flush"/>.</summary>
    public void Append(OutboxRecord record)
    {
        _lines.Add(record);
        Write();
    }

    /// <summary>Adds what is held.</summary>
    public void Write()
    {
        if (_lines.Written.IsEmpty)
            return;
        RandomAccess.Write(_file, _lines.Written, Length);
        Length += _lines.Written.Length;
        _lines.Clear();
    }

    /// <summary>Makes durable what was added before.</summary>
    public void Flush()
    {
        lock (_flushing)
            RandomAccess.FlushToDisk(_file);
    }

    /// <summary>Writes records to a new file beside this one, durably.</summary>
    public Fresh Prepare(IEnumerable<OutboxRecord> records)
    {
        var file = File.OpenHandle(PathOf(Name + ".new"), FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            using var lines = new OutboxLines();
            foreach (var record in records)
                lines.Add(record);
            RandomAccess.Write(file, lines.Written, 0);
            RandomAccess.FlushToDisk(file);
            return new Fresh(file, lines.Written.Length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Puts a new file in the place of this one, with all that was added here after a point. What was held is left out: it counts in the new file already.</summary>
    public void Replace(Fresh fresh, long upTo)
    {
        try
        {
            var since = ReadFrom(upTo, Length - upTo);
            RandomAccess.Write(fresh.File, since, fresh.Length);
            File.Move(PathOf(Name + ".new"), PathOf(Name), overwrite: true);
            Length = fresh.Length + since.Length;
            _lines.Clear();
        }
        catch
        {
            fresh.Dispose();
            throw;
        }
        lock (_flushing)
        {
            _file.Dispose();
            _file = fresh.File;
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
        _lines.Dispose();
    }

    private byte[] ReadFrom(long offset, long count)
    {
        var bytes = new byte[count];
        var length = 0;
        for (int read; length < bytes.Length && (read = RandomAccess.Read(_file, bytes.AsSpan(length), offset + length)) > 0;)
            length += read;
        return length == bytes.Length ? bytes : bytes[..length];
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>A new file that waits to take the place of the old one.</summary>
    internal readonly record struct Fresh(SafeFileHandle File, long Length) : IDisposable
    {
        public void Dispose() => File.Dispose();
    }
}
