using System.Globalization;

namespace Enforcer.Grpc;

/// <summary>Status codes as text, made once.</summary>
internal static class StatusNumbers
{
    private static readonly string[] Texts =
        [.. Enumerable.Range(0, (int)GrpcStatus.Unauthenticated + 1).Select(n => n.ToString(CultureInfo.InvariantCulture))];

    public static string Text(GrpcStatus status) => Texts[(int)status];

    /// <summary>Reads a status; a number that gRPC does not know is <see cref="GrpcStatus.Unknown"/>. False: no number.</summary>
    public static bool TryParse(string? text, out GrpcStatus status)
    {
        status = GrpcStatus.Unknown;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;
        if (number < Texts.Length)
            status = (GrpcStatus)number;
        return true;
    }
}
