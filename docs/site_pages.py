"""Pages that are written from the registry, the atlas and the command line, never by hand."""

import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from vtk_notebooks import registry
from vtk_notebooks.papers import atlas, families

NOUNS = (
    "clip", "query", "tokens", "provenance", "moment", "part", "recipe", "runs", "stage", "saved",
    "store", "explained", "starters", "comparison", "sweep", "statistics", "scoring", "figures",
    "streaming", "models.door", "models.attention", "training", "tiny", "video", "data", "registry",
    "errors",
)  # fmt: skip
"""Modules of the core whose public names the reference shows, in reading order."""


_ARXIV = "https://arxiv.org/abs/"


def write_pages(folder: Path) -> None:
    """Reference, atlas and command line as pages in this folder."""
    (folder / "mechanisms").mkdir(parents=True)
    kinds = [kind for kind in registry.FAMILIES if registry.live(kind) and registry.names(kind)]
    for kind in kinds:
        (folder / "mechanisms" / f"{kind}.rst").write_text(_family(kind), encoding="utf-8")
    (folder / "mechanisms" / "index.rst").write_text(
        _titled("Mechanisms", "One page a family, one entry a mechanism, as the code says it.\n\n")
        + _toc(kinds),
        encoding="utf-8",
    )
    (folder / "api").mkdir()
    names = [*NOUNS, "widgets"]
    for noun in NOUNS:
        (folder / "api" / f"{noun}.rst").write_text(_module(f"vtk_notebooks.{noun}"), "utf-8")
    (folder / "api" / "widgets.rst").write_text(_module("vtk_widgets"), encoding="utf-8")
    (folder / "api" / "index.rst").write_text(
        _titled("Reference", "What the library promises, from its docstrings.\n\n") + _toc(names),
        encoding="utf-8",
    )
    (folder / "atlas.rst").write_text(_atlas(), encoding="utf-8")
    (folder / "commands.rst").write_text(_commands(), encoding="utf-8")


def _family(kind: str) -> str:
    package = importlib.import_module(f"vtk_notebooks.{registry.FAMILIES[kind]}")
    parts = [_titled(_title(kind), f"{_prose(package)}\n\n")]
    for name in registry.names(kind):
        card, made = registry.card(kind, name), registry.maker(kind, name)
        module = sys.modules[made.__module__]
        where = f" `arXiv:{card.arxiv} <{_ARXIV}{card.arxiv}>`__" if card.arxiv else ""
        year = f", {card.year}" if card.year else ""
        parts += [
            _under(card.title, "-"),
            f"``build({kind!r}, {name!r})`` · {card.paper}{year}{where}\n\n",
            f"{_prose(module)}\n\n",
            f".. auto{'class' if inspect.isclass(made) else 'function'}:: "
            f"{made.__module__}.{made.__name__}\n\n",
        ]
    return "".join(parts)


def _module(name: str) -> str:
    module = importlib.import_module(name)
    parts = [_titled(name, f"{_prose(module)}\n\n.. currentmodule:: {name}\n\n")]
    for public in _public(module):
        value = getattr(module, public)
        kind = "class" if inspect.isclass(value) else "function"
        parts.append(f".. auto{kind}:: {value.__module__}.{value.__name__}\n\n")
    return "".join(parts)


def _public(module: object) -> Iterator[str]:
    """Classes and functions of a module's own, or that a package gives out as its own."""
    home = module.__name__  # pyright: ignore[reportAttributeAccessIssue]
    for name in sorted(vars(module)):
        value = vars(module)[name]
        if name.startswith("_") or not (inspect.isclass(value) or inspect.isfunction(value)):
            continue
        package = hasattr(module, "__path__")
        if value.__module__ == home or (package and value.__module__.startswith(f"{home}.")):
            yield name


def _atlas() -> str:
    parts = [_titled("Atlas", "The published systems that the project is for.\n\n")]
    for family in families():
        parts.append(_under(family, "-"))
        for row in atlas(family):
            where = f" `arXiv:{row['arxiv']} <{_ARXIV}{row['arxiv']}>`__" if row["arxiv"] else ""
            parts.append(
                f"**{_plain(row['name'])}** ({row['status']}) {_plain(row['title'])}, "
                f"{row['year']}{where}\n    {_plain(row['idea'])}\n\n"
            )
    return "".join(parts)


def _commands() -> str:
    from typer.main import get_command

    from vtk_notebooks.cli import app

    parts = [_titled("Command line", "")]

    def told(command, context, path: str) -> None:
        info = command.get_help(context)
        block = "\n".join(f"   {line}".rstrip() for line in info.splitlines())
        parts.append(f"{_under(path, '-')}.. code-block:: text\n\n{block}\n\n")
        for name in getattr(command, "commands", {}):
            inner = command.commands[name]
            told(inner, type(context)(inner, info_name=name, parent=context), f"{path} {name}")

    command = get_command(app)
    told(command, command.context_class(command, info_name="vtk-notebooks"), "vtk-notebooks")
    return "".join(parts)


def _title(kind: str) -> str:
    return (
        registry.FAMILIES[kind].rpartition(".")[2].replace("timecodecs", "time codes").capitalize()
    )


def _prose(module: object) -> str:
    """A module's docstring; its bars stand for absolute values."""
    return (inspect.getdoc(module) or "").replace("|", "\\|")


def _plain(text: str) -> str:
    """Text that is no markup."""
    return re.sub(r"([\\*_`|<>])", r"\\\1", text)


def _titled(title: str, text: str) -> str:
    return f"{_under(title, '=')}{text}"


def _under(title: str, line: str) -> str:
    return f"{title}\n{line * max(4, len(title))}\n\n"


def _toc(names: list[str]) -> str:
    listed = "".join(f"   {name}\n" for name in names)
    return f".. toctree::\n   :maxdepth: 1\n\n{listed}"
