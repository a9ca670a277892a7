"""UniVTG at work: an (f, b, s) head learns on made films in seconds and answers on a real one."""

from pathlib import Path
from tempfile import TemporaryDirectory

from vtk_notebooks.heads.univtg import UniVTG
from vtk_notebooks.moment import tiou
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run
from vtk_notebooks.training import Example, planted, train_head

MECHANISMS = ("head:univtg", "objective:univtg")
TESTS = (
    "tests/heads/test_univtg.py",
    "tests/objectives/test_univtg.py",
)
DIFFERS = (
    "Trained for seconds on made films with a planted moment, not pre-trained on real ones, and "
    "smaller: 64 channels in 2 layers instead of 1024 in 4. Films are read by ConSE instead of "
    "CLIP and SlowFast, and the encoder is also told the cosine of clip and question."
)
WIDTH = 384  # channels of a ConSE token


def trained(films: int = 512, steps: int = 400, seed: int = 0) -> UniVTG:
    """A head for ConSE tokens, trained on made films."""
    made = [_made(seed + i) for i in range(films)]
    return train_head(UniVTG.new("conse", WIDTH, seed=seed), made, steps, seed=seed, rate=1e-3).head


def demo(film: Path, query: str) -> Demo:
    """How well the head finds planted moments that it has not seen, and what it finds here."""
    head, unseen = trained(), [_made(10_000 + i) for i in range(16)]
    found = [tiou(head(f.tokens, f.query)[0], f.moments[0]) for f in unseen]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "univtg.safetensors"
        head.save(file)
        recipe = Recipe((Part("conse"),), head=Part("univtg", {"file": str(file)}), name="UniVTG")
        return demo_of(run(recipe, film, query), planted_tiou=sum(found) / len(found))


def _made(seed: int) -> Example:
    return planted(seed, width=WIDTH, space="conse")
