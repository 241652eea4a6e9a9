using System.Net.Http.Headers;

namespace Enforcer.Grpc;

/// <summary>Reads the outcome of a call from headers and trailers.</summary>
internal static class ResponseStatus
{
    /// <summary>Throws unless the response is gRPC and has not failed already.</summary>
    public static void CheckHeaders(HttpResponseMessage response)
    {
        var code = (int)response.StatusCode;
        if (code != 200)
            throw new GrpcStatusException(TransportFailure.FromHttp(code), $"the server answered with HTTP status {code}.");
        if (response.Headers.NonValidated.Contains(GrpcNames.Status))
            Check(response.Headers.NonValidated);
        var type = response.Content.Headers.NonValidated.TryGetValues("content-type", out var values) ? values.ToString() : null;
        if (!GrpcNames.IsGrpc(type))
            throw new GrpcStatusException(GrpcStatus.Unknown, $"the server answered with content type '{type}' instead of {GrpcNames.ContentType}.");
    }

    /// <summary>Throws unless the trailers say that all is well. Call it once the body has been read to its end.</summary>
    public static void CheckTrailers(HttpResponseMessage response)
    {
        // A response without a body has its status in the headers.
        var inHeaders = response.Headers.NonValidated.Contains(GrpcNames.Status);
        Check(inHeaders ? response.Headers.NonValidated : response.TrailingHeaders.NonValidated);
    }

    /// <summary>All metadata of one block.</summary>
    public static GrpcMetadata Metadata(HttpHeaders headers)
    {
        var metadata = new GrpcMetadata();
        foreach (var (key, values) in headers.NonValidated)
        {
            foreach (var value in values)
                metadata.AddReceived(key, value);
        }
        return metadata;
    }

    private static void Check(HttpHeadersNonValidated headers)
    {
        if (!headers.TryGetValues(GrpcNames.Status, out var text))
            throw new GrpcStatusException(GrpcStatus.Internal, "the server ended the call without a grpc-status.");
        if (text.ToString() != "0")
            throw Error(headers, text.ToString());
    }

    private static GrpcStatusException Error(HttpHeadersNonValidated headers, string text)
    {
        _ = StatusNumbers.TryParse(text, out var status);
        if (status == GrpcStatus.Ok)
            status = GrpcStatus.Unknown;
        var message = headers.TryGetValues(GrpcNames.Message, out var encoded) ? StatusMessage.Decode(encoded.ToString()) : "";
        var details = headers.TryGetValues(GrpcNames.StatusDetails, out var packed) ? RichStatus.Decode(packed.ToString()) : [];
        var trailers = new GrpcMetadata();
        foreach (var (key, values) in headers)
        {
            foreach (var value in values)
                trailers.AddReceived(key, value);
        }
        return new(status, message, details, trailers, inner: null);
    }
}
