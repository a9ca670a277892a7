"""Systems of the atlas's family `streaming` that work here."""
