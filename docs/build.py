"""Build the site: `python docs/build.py` leaves it in out/docs; it works from disk, offline.

Notebooks are run first, with widgets as pages of their own; one that was run before and has not
changed since is not run again.
"""

import argparse
import os
import re
import shutil
import sys
from pathlib import Path

from notebook_pages import lay_out, run_all
from site_pages import write_pages
from sphinx.cmd.build import build_main

DOCS = Path(__file__).parent
ROOT = DOCS.parent

_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:|#|images/)([^)]+)\)")
_PAGES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}


def gather(source: Path, ran: Path) -> None:
    """Everything that is to be a page, in one folder."""
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copy(DOCS / "conf.py", source)
    for name in ("README", "CONTRIBUTING", "CHANGELOG"):
        text = (ROOT / f"{name}.md").read_text(encoding="utf-8")
        (source / f"{name.lower()}.md").write_text(_LINK.sub(_relinked, text), encoding="utf-8")
    write_pages(source)
    lay_out(ran, source)


def _relinked(found: re.Match[str]) -> str:
    """A link to a page leads there; one to another file of the repository becomes its name."""
    text, target = found.groups()
    if target.startswith("docs/"):
        return f"[{text}]({target.removeprefix('docs/')})"
    return f"[{text}]({_PAGES[target]})" if target in _PAGES else text


def main() -> int:
    """Run, gather and build; warnings are errors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "docs")
    parser.add_argument(
        "--ran", type=Path, default=ROOT / "out" / "ran", help="notebooks run before"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    run_all(asked.ran, asked.jobs)
    gather(asked.out / "source", asked.ran)
    flags = ["-W", "--keep-going", "-q", "-j", str(asked.jobs), "-d", str(asked.out / "trees")]
    return build_main([*flags, str(asked.out / "source"), str(asked.out / "site")])


if __name__ == "__main__":
    sys.exit(main())
