"""A package, so that pytest ends the browser when it leaves this folder, not with the session."""
