"""Answers: what a model's free text says, read without guessing."""

from vtk_notebooks.answers.letters import letter_index as letter_index
from vtk_notebooks.answers.yes_no import yes_no as yes_no
