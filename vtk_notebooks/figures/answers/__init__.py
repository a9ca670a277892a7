"""When something happens: as models say it, as it is, and what is wrong in between."""
