using Enforcer.Client;
using Enforcer.Grpc;

namespace Enforcer.Cli.Connection;

/// <summary>Says what a failed call means in the words of this command line, and what to do about it.</summary>
internal static class CallFailure
{
    /// <summary>A failure of the SDK.</summary>
    public static string Describe(EnforcerException failure, Uri server) =>
        Describe(failure.Code, (failure.InnerException as GrpcStatusException)?.Message ?? failure.Message, server);

    /// <summary>A status and what the server said with it, in one or two sentences.</summary>
    public static string Describe(GrpcStatus code, string said, Uri server) => code switch
    {
        GrpcStatus.Unavailable =>
            $"{server.Authority} cannot be reached or cannot serve now: {Sentence(said)} " +
            "Start a server with 'enforcer serve', or name another with --server or ENFORCER_SERVER.",
        GrpcStatus.Unauthenticated =>
            $"{server.Authority} does not accept the token: {Sentence(said)} " +
            "Store a good one with 'enforcer login', or set ENFORCER_TOKEN, or pass --token.",
        GrpcStatus.PermissionDenied =>
            $"the token may not do this: {Sentence(said)} Use a token with that role; 'enforcer tokens create' makes one.",
        GrpcStatus.DeadlineExceeded =>
            $"{server.Authority} did not answer in time. A change may have been made all the same: look before you repeat it.",
        GrpcStatus.Unimplemented =>
            $"{server.Authority} does not offer this call: {Sentence(said)} Is it the gRPC address of an Enforcer server (7070 by default)?",
        _ => Sentence(said),
    };

    private static string Sentence(string text) => text.Length == 0 || text[^1] is '.' or '!' or '?' ? text : text + ".";
}
