"""Answers: what a model's free text says, read without guessing."""

from vtk_notebooks.answers.labels import label_index as label_index
from vtk_notebooks.answers.letters import letter_index as letter_index
from vtk_notebooks.answers.ratings import named_ratings as named_ratings
from vtk_notebooks.answers.ratings import rating as rating
from vtk_notebooks.answers.ratings import verdict as verdict
from vtk_notebooks.answers.spans import captions_in as captions_in
from vtk_notebooks.answers.spans import first_time as first_time
from vtk_notebooks.answers.spans import literal_span as literal_span
from vtk_notebooks.answers.spans import spans_in as spans_in
from vtk_notebooks.answers.yes_no import yes_no as yes_no
