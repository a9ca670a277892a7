"""Text: words, sentences and captions, and how alike two of them are."""
