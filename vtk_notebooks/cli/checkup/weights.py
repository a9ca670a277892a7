"""Weights: whether the bundled files are the ones we know, by their SHA-256."""

from collections import defaultdict
from collections.abc import Iterator

from vtk_notebooks.cli.checkup.finding import Finding


def weights() -> Iterator[Finding]:
    """Every file of every package that carries weights."""
    from vtk_notebooks.errors import WeightsError
    from vtk_notebooks.models.bundled import BUNDLED

    carriers = defaultdict(list)
    for bundled in BUNDLED.values():
        carriers[bundled.package].append(bundled)
    for package, files in carriers.items():
        about = f"weights {package}"
        try:
            size = sum(file.file().stat().st_size for file in files)
        except WeightsError as error:
            status = "absent" if error.got == "no such package" else "broken"
            yield Finding(about, status, f"{error.expected}: {error.got}", error.hint)
            continue
        said = f"{len(files)} files, {size / 1e6:.0f} MB, as they were published"
        yield Finding(about, "ok", said)
