"""What drives the browser, and what it shows: films, widgets, notebooks, pictures."""
