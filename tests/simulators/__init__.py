"""Contract tests of the simulators: verified against the official schemas, run as a real process."""
