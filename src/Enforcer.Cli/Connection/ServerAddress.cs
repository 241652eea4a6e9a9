namespace Enforcer.Cli.Connection;

/// <summary>The address of a server's gRPC endpoint.</summary>
internal static class ServerAddress
{
    /// <summary>Where <c>enforcer serve</c> listens unless it is told otherwise.</summary>
    public static readonly Uri Default = new("http://127.0.0.1:7070");

    /// <summary>Reads <c>host:port</c> (without TLS), <c>http://host:port</c> or <c>https://host:port</c>.</summary>
    /// <param name="text">The address.</param>
    /// <param name="address">Scheme, host and port.</param>
    /// <param name="problem">What is wrong, and what to write.</param>
    public static bool TryParse(string text, out Uri address, out string problem)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        if (Uri.TryCreate(full, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"
            && parsed is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "", Host.Length: > 0 })
        {
            address = parsed;
            problem = "";
            return true;
        }
        address = Default;
        problem = $"'{text}' is not an address. Write 127.0.0.1:7070, or https://host:port with TLS.";
        return false;
    }
}
