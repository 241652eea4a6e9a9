using System.Text;

namespace Enforcer.Edge.Requests;

/// <summary>Places of a body where other bytes are to stand; everything between them stays as it is.</summary>
internal sealed class BodyEdits
{
    private readonly List<(int Offset, int Length, byte[] With)> _edits = [];

    public void Add(int offset, int length, string with) => _edits.Add((offset, length, Encoding.UTF8.GetBytes(with)));

    public byte[] Apply(byte[] bytes)
    {
        if (_edits.Count == 0)
            return bytes;
        var ordered = _edits.OrderBy(edit => edit.Offset).ToList();
        var result = new byte[bytes.Length + ordered.Sum(edit => edit.With.Length - edit.Length)];
        var (from, to) = (0, 0);
        foreach (var (offset, length, with) in ordered)
        {
            bytes.AsSpan(from, offset - from).CopyTo(result.AsSpan(to));
            to += offset - from;
            with.CopyTo(result.AsSpan(to));
            to += with.Length;
            from = offset + length;
        }
        bytes.AsSpan(from).CopyTo(result.AsSpan(to));
        return result;
    }
}
