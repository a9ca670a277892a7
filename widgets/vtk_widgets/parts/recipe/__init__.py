"""The workbench behind its widgets: what it runs, says, saves and holds in tabs."""
