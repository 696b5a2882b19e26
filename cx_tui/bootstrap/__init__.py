"""The only place that builds the engine, the services and the program."""
