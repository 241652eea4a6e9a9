namespace Enforcer.Server.Rest;

/// <summary>Registers what describes the REST methods.</summary>
internal static class RestServices
{
    public static void AddOpenApiFromProtos(this IServiceCollection services)
    {
        var transformer = new OpenApiFromProtos();
        services.AddEndpointsApiExplorer();
        services.AddOpenApi("v1", options =>
        {
            options.AddOperationTransformer(transformer);
            options.AddDocumentTransformer(transformer);
        });
    }
}
