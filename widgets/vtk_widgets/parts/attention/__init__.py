"""What an attention explorer computes: a lens on a prompt, its overview, its answers."""
