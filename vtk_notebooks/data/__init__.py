"""Data: published annotations in and out, as typed records, with everything odd reported.

`read(path, format)` gives a `Dataset` of `Sample`s and its `problems`; `write` puts them back as
they were, or into another format; `FORMATS` lists what is known. `to_frame` and `from_frame` are
the door to pandas; `listing`, `select` and `show` browse.
"""

from vtk_notebooks.data.browse import listing as listing
from vtk_notebooks.data.browse import select as select
from vtk_notebooks.data.browse import show as show
from vtk_notebooks.data.dataset import Dataset as Dataset
from vtk_notebooks.data.files import read as read
from vtk_notebooks.data.files import stream as stream
from vtk_notebooks.data.files import write as write
from vtk_notebooks.data.film_folder import FilmFolder as FilmFolder
from vtk_notebooks.data.formats import FORMATS as FORMATS
from vtk_notebooks.data.formats.chapter_list import format_chapters as format_chapters
from vtk_notebooks.data.formats.chapter_list import parse_chapters as parse_chapters
from vtk_notebooks.data.guess import read_as_any as read_as_any
from vtk_notebooks.data.problem import AnnotationError as AnnotationError
from vtk_notebooks.data.problem import AnnotationWarning as AnnotationWarning
from vtk_notebooks.data.problem import Problem as Problem
from vtk_notebooks.data.record import Chapter as Chapter
from vtk_notebooks.data.record import Saliency as Saliency
from vtk_notebooks.data.record import Sample as Sample
from vtk_notebooks.data.record import Span as Span
from vtk_notebooks.data.tables import from_frame as from_frame
from vtk_notebooks.data.tables import to_frame as to_frame
from vtk_notebooks.data.text.clock import parse_clock as parse_clock
