namespace Enforcer.Simulation.Planting;

/// <summary>Faults in the SDK's repeats, deadlines and choice of servers.</summary>
internal static class ClientFaults
{
    public static IReadOnlyList<SourceFault> All { get; } =
    [
        new("retried-anew", "what was on a lost connection is sent again under a new operation id", "Enforcer.Client/Session/CommandTable.cs",
            "        slot.WasSent = slot.WasLost;\n",
            "        slot.WasSent = slot.WasLost;\n        slot.Command = slot.Command with { OperationId = _ids.Next() };\n"),
        new("answers-crossed", "an answer to a slot's former command counts for the new one", "Enforcer.Client/Session/CommandTable.cs",
            "index >= _free.Used || _slots[index].Number != answer.Number || _slots[index].State",
            "index >= _free.Used || _slots[index].State"),
        new("deadline-forgotten", "a command on the wire has no deadline", "Enforcer.Client/Session/CommandTable.cs",
            "if (now >= slot.Deadline)",
            "if (now >= slot.Deadline && slot.State != SlotState.Sent)"),
        new("server-kept", "a client stays with the server that failed", "Enforcer.Client/Session/Endpoints.cs",
            "(index + 1) % _all.Length, index)",
            "index, index)"),
        new("told-and-released", "a reservation whose caller was answered is released", "Enforcer.Client/Session/CommandTable.cs",
            "                if (slot.Handler is not null)\n                    completions.Add(Completion.Of(slot, answer.Outcome, failure: null));\n                freed += Free(index);",
            "                if (slot.Handler is not null)\n                    completions.Add(Completion.Of(slot, answer.Outcome, failure: null));\n                if (slot.MustRelease && slot.Attempts > 0)\n                {\n                    slot.Handler = null;\n                    TurnIntoRelease(index, now);\n                    continue;\n                }\n                freed += Free(index);"),
    ];
}
