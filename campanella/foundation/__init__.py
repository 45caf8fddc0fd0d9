"""What every layer stands on."""
