"""What widgets are made of, room by room: Python beside the JavaScript that reads it."""
