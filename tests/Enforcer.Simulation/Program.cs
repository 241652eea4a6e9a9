using Enforcer.Simulation.Running;

return await Commands.Create().Parse(args).InvokeAsync();
