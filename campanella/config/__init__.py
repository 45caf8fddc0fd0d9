"""Where everything is plugged together: settings, addresses, commands."""
