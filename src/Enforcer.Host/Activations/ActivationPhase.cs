namespace Enforcer.Host.Activations;

/// <summary>Where an activation is in its life.</summary>
internal enum ActivationPhase : byte
{
    /// <summary>Its state is being read; commands wait.</summary>
    Loading,

    /// <summary>It decides.</summary>
    Ready,

    /// <summary>It has left memory, or its state cannot be trusted; whoever holds it must ask for another.</summary>
    Gone,
}
