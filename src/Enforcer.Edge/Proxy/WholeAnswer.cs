namespace Enforcer.Edge.Proxy;

/// <summary>Reads an answer that is one piece, up to a bound.</summary>
internal static class WholeAnswer
{
    private const int PieceBytes = 16 * 1024;

    public static async Task<(ReadOnlyMemory<byte> Body, WholeEnd End)> ReadAsync(Stream from, long mostBytes, UpstreamPatience patience)
    {
        var body = new byte[PieceBytes];
        var length = 0;
        try
        {
            while (true)
            {
                if (length == body.Length)
                    Array.Resize(ref body, body.Length * 2);
                var read = await from.ReadAsync(body.AsMemory(length), patience.Token).ConfigureAwait(false);
                patience.Renew();
                if (read == 0)
                    return (body.AsMemory(0, length), WholeEnd.Complete);
                length += read;
                if (length > mostBytes)
                    return (body.AsMemory(0, length), WholeEnd.TooLong);
            }
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or OperationCanceledException)
        {
            return (body.AsMemory(0, length), WholeEnd.Broken);
        }
    }
}
