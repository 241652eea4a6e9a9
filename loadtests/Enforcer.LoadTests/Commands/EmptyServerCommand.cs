using System.CommandLine;
using Enforcer.LoadTests.Rivals;

namespace Enforcer.LoadTests.Commands;

/// <summary>The hidden command by which <c>compare</c> starts the server side of the empty call in a process of its own.</summary>
internal static class EmptyServerCommand
{
    private static readonly Option<int> Port = new("--port") { Required = true };

    public static Command Create()
    {
        var command = new Command("empty-server", "Serves a unary call that does nothing") { Port };
        command.Hidden = true;
        command.SetAction((parsed, cancellation) => EmptyServer.RunAsync(parsed.GetRequiredValue(Port), cancellation));
        return command;
    }
}
