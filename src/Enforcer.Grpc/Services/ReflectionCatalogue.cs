using Enforcer.Grpc.Protos.Reflection;
using Google.Protobuf.Reflection;

namespace Enforcer.Grpc;

/// <summary>All files and symbols behind a set of services. Immutable.</summary>
internal sealed class ReflectionCatalogue
{
    private readonly List<string> _services;
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _symbols = new(StringComparer.Ordinal);

    public ReflectionCatalogue(IReadOnlyList<ServiceDescriptor> services)
    {
        _services = [.. services.Select(s => s.FullName).Order(StringComparer.Ordinal)];
        foreach (var service in services)
            AddFile(service.File);
    }

    public ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                response.ListServicesResponse = new() { Service = { _services.Select(name => new ServiceResponse { Name = name }) } };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                AnswerFile(response, _files, request.FileByFilename, "file");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                AnswerFile(response, _symbols, request.FileContainingSymbol, "symbol");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType:
                AnswerExtensions(response, request.AllExtensionNumbersOfType);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension:
                response.ErrorResponse = NotFound($"type '{request.FileContainingExtension.ContainingType}' has no extensions here.");
                break;
            default:
                response.ErrorResponse = new() { ErrorCode = (int)GrpcStatus.InvalidArgument, ErrorMessage = "message_request is not set; set one of its fields." };
                break;
        }
        return response;
    }

    private static void AnswerFile(ServerReflectionResponse response, Dictionary<string, FileDescriptor> index, string name, string what)
    {
        if (!index.TryGetValue(name, out var file))
        {
            response.ErrorResponse = NotFound($"{what} '{name}' is not known here.");
            return;
        }
        response.FileDescriptorResponse = new();
        var done = new HashSet<string>(StringComparer.Ordinal);
        Collect(file, done, response.FileDescriptorResponse);
    }

    /// <summary>A file before what it depends on: clients take the first as the answer.</summary>
    private static void Collect(FileDescriptor file, HashSet<string> done, FileDescriptorResponse response)
    {
        if (!done.Add(file.Name))
            return;
        response.FileDescriptorProto.Add(file.SerializedData);
        foreach (var dependency in file.Dependencies)
            Collect(dependency, done, response);
    }

    /// <summary>Messages of proto3 have no extensions, so a known type has none and the answer is an empty list.</summary>
    private void AnswerExtensions(ServerReflectionResponse response, string type)
    {
        if (_symbols.ContainsKey(type))
            response.AllExtensionNumbersResponse = new() { BaseTypeName = type };
        else
            response.ErrorResponse = NotFound($"type '{type}' is not known here.");
    }

    private static ErrorResponse NotFound(string message) => new() { ErrorCode = (int)GrpcStatus.NotFound, ErrorMessage = message };

    private void AddFile(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file))
            return;
        foreach (var service in file.Services)
        {
            _symbols[service.FullName] = file;
            foreach (var method in service.Methods)
                _symbols[method.FullName] = file;
        }
        foreach (var type in file.MessageTypes)
            AddMessage(type);
        foreach (var type in file.EnumTypes)
            AddEnum(type);
        foreach (var dependency in file.Dependencies)
            AddFile(dependency);
    }

    private void AddMessage(MessageDescriptor type)
    {
        _symbols[type.FullName] = type.File;
        foreach (var field in type.Fields.InDeclarationOrder())
            _symbols[field.FullName] = type.File;
        foreach (var nested in type.NestedTypes)
            AddMessage(nested);
        foreach (var nested in type.EnumTypes)
            AddEnum(nested);
    }

    private void AddEnum(EnumDescriptor type)
    {
        _symbols[type.FullName] = type.File;
        foreach (var value in type.Values)
            _symbols[value.FullName] = type.File;
    }
}
