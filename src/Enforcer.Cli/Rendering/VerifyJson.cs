using System.Text.Json;
using System.Text.Json.Serialization;
using Enforcer.Journal.Verifying;

namespace Enforcer.Cli.Rendering;

/// <summary>The form of a report of <c>verify --json</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(VerifyReport))]
internal sealed partial class VerifyJson : JsonSerializerContext;
