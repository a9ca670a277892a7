"""Films as they travel to the browser: frames, sound, and only what is asked for."""
