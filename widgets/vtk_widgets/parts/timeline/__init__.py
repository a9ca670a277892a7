"""What a timeline shows and gives back: tracks and annotations."""
