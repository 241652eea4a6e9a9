using System.Buffers;
using System.Globalization;
using Enforcer.Edge.Protocols;

namespace Enforcer.Edge.Requests;

/// <summary>Reads a request's body whole, up to a bound: what goes in must be known before it is paid for.</summary>
internal static class BodyReader
{
    private const int FirstBytes = 16 * 1024;

    /// <exception cref="BadCallException">It is longer than the bound, compressed, or breaks off.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, long mostBytes, CancellationToken cancellation)
    {
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            throw new BadCallException($"The request is sent with content-encoding '{request.Headers.ContentEncoding}'; send it uncompressed.");
        if (request.ContentLength > mostBytes)
            throw TooLarge(mostBytes);
        var buffer = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? FirstBytes) + 1);
        var length = 0;
        try
        {
            while (true)
            {
                var read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellation).ConfigureAwait(false);
                if (read == 0)
                    return buffer[..length];
                length += read;
                if (length > mostBytes)
                    throw TooLarge(mostBytes);
                if (length == buffer.Length)
                    Grow(ref buffer, length);
            }
        }
        catch (BadHttpRequestException broken)
        {
            throw new BadCallException($"The request could not be read: {broken.Message}", broken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private static BadCallException TooLarge(long mostBytes) => new(
        $"The request is longer than {mostBytes.ToString("N0", CultureInfo.InvariantCulture)} bytes, the most that passes here; send less at once.",
        kind: ProblemKind.TooLarge);
}
