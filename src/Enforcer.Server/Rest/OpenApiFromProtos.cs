using Enforcer.Server.Operators;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Enforcer.Server.Rest;

/// <summary>Describes the REST methods in OpenAPI from the same descriptors that gRPC uses, so that the two cannot differ.</summary>
internal sealed class OpenApiFromProtos : IOpenApiOperationTransformer, IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Enforcer operator API",
            Version = "v1",
            Description = "Accounts, keys, tokens, limits and the ledger. Money is in nanos (10^-9 of the account's unit). Send `authorization: Bearer enf_…`.",
        };
        return Task.CompletedTask;
    }

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<OperatorMethod>().FirstOrDefault() is not { } method) return Task.CompletedTask;
        operation.Summary = method.Name;
        operation.Description = $"Needs the permission {method.Needs}.";
        operation.Parameters = [.. Parameters(method)];
        if (method.Verb != "GET") operation.RequestBody = new OpenApiRequestBody { Content = Json(Schema(method.Request, 0)) };
        var answer = Schema(method.Response, 0);
        if (method.IsStream) answer = new OpenApiSchema { Type = JsonSchemaType.Array, Items = answer };
        operation.Responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse { Description = "Done.", Content = Json(answer) },
            ["default"] = new OpenApiResponse { Description = "A problem (RFC 9457): detail names the field, the value, the rule and the way out." },
        };
        return Task.CompletedTask;
    }

    private static IEnumerable<IOpenApiParameter> Parameters(OperatorMethod method)
    {
        foreach (var field in method.Request.Fields.InDeclarationOrder())
        {
            var isInPath = method.Route.Contains("{" + field.Name + "}", StringComparison.Ordinal);
            if (!isInPath && (method.Verb != "GET" || field.FieldType == FieldType.Message)) continue;
            yield return new OpenApiParameter
            {
                Name = field.Name,
                In = isInPath ? ParameterLocation.Path : ParameterLocation.Query,
                Required = isInPath,
                Schema = FieldSchema(field, 0),
            };
        }
    }

    private static Dictionary<string, OpenApiMediaType> Json(OpenApiSchema schema) => new() { ["application/json"] = new OpenApiMediaType { Schema = schema } };

    private static OpenApiSchema Schema(MessageDescriptor message, int depth)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.Object, Title = message.Name, Properties = new Dictionary<string, IOpenApiSchema>() };
        foreach (var field in message.Fields.InDeclarationOrder()) schema.Properties[field.Name] = FieldSchema(field, depth + 1);
        return schema;
    }

    private static OpenApiSchema FieldSchema(FieldDescriptor field, int depth)
    {
        var one = field.FieldType switch
        {
            FieldType.Bool => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            FieldType.Int32 => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            FieldType.Int64 or FieldType.UInt64 => new OpenApiSchema { Type = JsonSchemaType.String, Format = "int64" },
            FieldType.Bytes => new OpenApiSchema { Type = JsonSchemaType.String, Format = RestJson.IsId(field.Name) ? "uuid" : "byte" },
            FieldType.Enum => new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = [.. field.EnumType.Values.Select(value => (System.Text.Json.Nodes.JsonNode)value.Name)],
            },
            FieldType.Message when depth < 8 => Schema(field.MessageType, depth),
            FieldType.Message => new OpenApiSchema { Type = JsonSchemaType.Object },
            _ => new OpenApiSchema { Type = JsonSchemaType.String },
        };
        return field.IsRepeated ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = one } : one;
    }
}
