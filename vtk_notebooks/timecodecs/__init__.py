"""Time codes: seconds to symbols that a language model reads and writes, and back."""

from vtk_notebooks.timecodecs.coordinate_tokens import CoordinateTokens as CoordinateTokens
from vtk_notebooks.timecodecs.relative_tokens import RelativeTokens as RelativeTokens
