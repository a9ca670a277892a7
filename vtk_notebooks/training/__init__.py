"""Training: films with known moments in, weights out."""

from vtk_notebooks.training.budgets import Budget as Budget
from vtk_notebooks.training.budgets import label_budgets as label_budgets
from vtk_notebooks.training.combined import combined as combined
from vtk_notebooks.training.planted import Example as Example
from vtk_notebooks.training.planted import planted as planted
from vtk_notebooks.training.train import Trained as Trained
from vtk_notebooks.training.train import train_head as train_head
