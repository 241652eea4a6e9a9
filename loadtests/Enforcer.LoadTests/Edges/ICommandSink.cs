namespace Enforcer.LoadTests.Edges;

/// <summary>Where commands gather before they are sent together.</summary>
internal interface ICommandSink
{
    void Add(int number, in EdgeCommand command);
}
