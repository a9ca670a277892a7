"""Systems of the atlas's family `timecodecs` that work here."""
