"""Recipes to start from: what the demo, the notebook and `vtk-notebooks run default` use."""

from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe

DEFAULT = "merge"
"""Name of the starter recipe that runs when none is named."""


def starter_recipes() -> dict[str, Recipe]:
    """A handful of recipes that differ in one place: how they squeeze the tokens.

    All see with DINOv2 patches, read with ConSE, and take the best spans, so that what differs
    in the table comes from the compressor alone.
    """
    base = Recipe(timecodec=Part("relative_tokens", {"n": 100}))
    squeezed = {
        "all": (),
        "uniform": (Part("uniform", {"keep": 0.25}),),
        "merge": (Part("bipartite_merge", {"keep": 0.25}),),
        "shuffle": (Part("token_shuffle", {"group": 4}),),
        "prompt": (Part("prompt_guided_pool", {"kernel": (1, 2, 2)}),),
    }
    return {name: base.with_("stages", stages) for name, stages in squeezed.items()}


def default_recipe() -> Recipe:
    """See with DINOv2, read with ConSE, merge tokens to a quarter, take the best spans."""
    return starter_recipes()[DEFAULT]
