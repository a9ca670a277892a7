"""What words and queries look at."""
