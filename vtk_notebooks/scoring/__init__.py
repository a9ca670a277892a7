"""Scoring: files of predictions and of truths in, published numbers out.

One file per published evaluation; each knows which files it reads, which metric it asks, and under
which names the numbers were published. `strict` does what a careful reader of the paper would do;
`upstream` repeats what the authors' own script does where that differs.
"""

from vtk_notebooks.scoring.asked import Asked as Asked
from vtk_notebooks.scoring.asked import asked as asked
from vtk_notebooks.scoring.ends import ENDS as ENDS
from vtk_notebooks.scoring.ends import SCENE_ENDS as SCENE_ENDS
from vtk_notebooks.scoring.ends import ends as ends
from vtk_notebooks.scoring.report import Report as Report
from vtk_notebooks.scoring.report import asked_in as asked_in
from vtk_notebooks.scoring.scorer import Mode as Mode
from vtk_notebooks.scoring.scorer import Scorer as Scorer
from vtk_notebooks.scoring.scorers import SCORERS as SCORERS
from vtk_notebooks.scoring.scorers import score as score
