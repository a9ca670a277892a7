"""What a token map sends: who owns each cell, at which budget, beside what."""
