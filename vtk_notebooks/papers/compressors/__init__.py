"""Systems of the atlas's family `compressors` that work here."""
