using System.Text.Json;
using System.Text.Json.Serialization;

namespace Enforcer.Cli.Rendering;

/// <summary>The form of <see cref="TryAnswer"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TryAnswer))]
internal sealed partial class TryJson : JsonSerializerContext;
