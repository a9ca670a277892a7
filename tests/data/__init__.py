"""A package, so that tests share the made files and the malformed cases."""
