"""Papers that give data: what was filmed, asked or typed, and how it is scored."""
