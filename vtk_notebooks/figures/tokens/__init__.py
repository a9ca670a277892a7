"""What becomes of a film's tokens, drawn over its frames."""
