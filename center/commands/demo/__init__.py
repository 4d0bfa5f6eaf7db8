"""The demo: broker, simulators, gateways and centre on one machine, as children of one command."""
