"""The wire contract: what sensors, simulators and the centre say to one another."""
