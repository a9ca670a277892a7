"""One open notebook: run its cells, ask its kernel, find its outputs."""

import ast
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Locator, Page

IN_PAGE = Path(__file__).with_suffix(".js")
"""A script that JupyterLab's page must have been given."""

# Without it JupyterLab asks which kernel to start.
_PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
_NUMBER = count(1)


@dataclass(frozen=True)
class Notebook:
    """A notebook that is open in JupyterLab, with a kernel of its own."""

    page: Page
    id: str

    @classmethod
    def opened(cls, page: Page, path: str) -> "Notebook":
        """Open a file of the server's root and wait for its kernel."""
        return cls(page, cls(page, "").ask("open", path))

    def ask(self, name: str, *args: Any) -> Any:
        """What one of the functions in `IN_PAGE` answers for this notebook."""
        call = "([name, id, args]) => window.vtkTests.ask(name, id, args)"
        return self.page.evaluate(call, [name, self.id, args])

    @property
    def root(self) -> Locator:
        """The element that holds all cells; other open notebooks are not in it."""
        return self.page.locator(f"[id='{self.id}']")

    def find(self, selector: str) -> Locator:
        """Elements of this notebook."""
        return self.root.locator(selector)

    def run(self) -> None:
        """Run all cells until the kernel is idle; a cell that raises is a failure."""
        errors = self.ask("run")
        assert not errors, "\n".join(errors)

    def do(self, code: str) -> None:
        """Run statements in the kernel, without a cell."""
        self._execute(code, "None")

    def value(self, expression: str) -> Any:
        """What the kernel says to a Python expression, by way of JSON."""
        return self._execute("", expression)

    def comes_to(self, expression: str, right: Callable[[Any], bool], within_s: float = 10) -> Any:
        """The expression's value as soon as it is right."""
        last = time.monotonic() + within_s
        while not right(value := self.value(expression)):
            assert time.monotonic() < last, f"{expression} stays {value!r}"
            self.page.wait_for_timeout(20)  # never time.sleep: the page's events must come in
        return value

    def _execute(self, code: str, expression: str) -> Any:
        wrapped = f"__import__('json').dumps({expression})"
        reply = self.ask("execute", code, wrapped)
        assert reply["status"] == "ok", "\n".join(reply.get("traceback", [str(reply)]))
        return json.loads(ast.literal_eval(reply["data"]["text/plain"]))


OpenNotebook = Callable[[list[str] | Path], Notebook]


@contextmanager
def opening(page: Page, folder: Path) -> Iterator[OpenNotebook]:
    """A function that opens and runs notebooks in the server's folder; they are closed after."""
    opened: list[Notebook] = []

    def open_(cells: list[str] | Path) -> Notebook:
        path = folder / f"notebook_{next(_NUMBER)}.ipynb"
        if isinstance(cells, Path):
            shutil.copy(cells, path)
        else:
            code = [nbformat.v4.new_code_cell(cell) for cell in cells]
            nbformat.write(nbformat.v4.new_notebook(cells=code, metadata=_PYTHON), path)
        opened.append(Notebook.opened(page, path.name))
        opened[-1].run()
        return opened[-1]

    try:
        yield open_
    finally:
        for notebook in opened:
            notebook.ask("close")
