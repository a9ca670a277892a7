"""A widget's browser text is one name space: parts that meet in it share no name."""

import re
from collections import Counter

import pytest

import vtk_widgets
from vtk_widgets._base import Widget

WIDGETS = [w for w in vars(vtk_widgets).values() if isinstance(w, type) and issubclass(w, Widget)]
DECLARED = re.compile(
    r"^(?:(?:async )?function\*? (\w+)|(?:const|let|class) (\w+)"
    r"|(?:const|let) [\[{]([^\]}=]*)[\]}])",
    re.MULTILINE,
)


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda w: w.__name__)
def test_no_name_is_declared_twice(widget):
    found = DECLARED.findall(str(widget._esm))
    names = Counter(
        name for groups in found for text in groups for name in re.findall(r"\w+", text)
    )
    assert [name for name, times in names.items() if times > 1] == []
