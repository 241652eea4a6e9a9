using System.Text.Json.Serialization;

namespace Enforcer.Cli.Connection;

/// <summary>The form of the file of logins: server to token.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class LoginJson : JsonSerializerContext;
