"""Pool: neighbours on the grid become one token, whatever they hold."""
