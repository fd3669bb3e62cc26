using Evolution.Gateway.Hosting.Commands;

// What the program can do. Each command stands in Hosting/Commands; the gateway itself is put together in Hosting/GatewayHost.
return await CommandLine.RunAsync(
    args,
    serve: ServeCommand.RunAsync,
    simulate: SimulatorCommand.RunAsync,
    migrate: MigrateCommand.RunAsync,
    import: ImportCommand.RunAsync);
