"""Streaming: a film that passes by once, what is kept of it, and when to speak.

A memory is written frame by frame and read with a question; what it gives are `Tokens` like any
other, tied to the cells of the whole film so far. `remember` lets a film pass by.
"""

from vtk_notebooks.streaming.remembering import remember as remember
from vtk_notebooks.streaming.remembering import remembered as remembered
