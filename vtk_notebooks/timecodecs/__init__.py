"""Time codes: seconds to symbols that a language model reads and writes, and back."""

from vtk_notebooks.timecodecs.box_tokens import BoxTokens as BoxTokens
from vtk_notebooks.timecodecs.clock_text import ClockText as ClockText
from vtk_notebooks.timecodecs.coordinate_tokens import CoordinateTokens as CoordinateTokens
from vtk_notebooks.timecodecs.digit_tokens import DigitTokens as DigitTokens
from vtk_notebooks.timecodecs.percent_text import PercentText as PercentText
from vtk_notebooks.timecodecs.relative_tokens import RelativeTokens as RelativeTokens
from vtk_notebooks.timecodecs.seconds_text import SecondsText as SecondsText
from vtk_notebooks.timecodecs.span_tokens import SpanTokens as SpanTokens
