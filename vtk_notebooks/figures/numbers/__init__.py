"""Results as numbers: against their cost, against each other, and over training."""
