"""What a figure's file says is enough to make it again, and to say what has changed since."""
