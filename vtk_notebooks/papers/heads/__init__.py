"""Systems of the atlas's family `heads` that work here."""
