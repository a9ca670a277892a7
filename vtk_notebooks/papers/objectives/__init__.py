"""Systems of the atlas's family `objectives` that work here."""
