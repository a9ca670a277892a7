"""Generation: who may look at whom, what noise comes when, and how conditions get in."""
