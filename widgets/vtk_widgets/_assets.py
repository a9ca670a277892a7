"""Browser files as one text each: a widget's own ESM and CSS with the shared parts put in.

A notebook loads a widget from a blob, where a relative import leads nowhere. So the line
`import { x } from "./parts/room/_part.js";` is replaced by the text of that part. Node and editors
follow the import as written. Parts start with an underscore and, whatever their room, share one
name space. Around every widget stands the guard of `_panel.js`, so that what fails in the browser
can be read there.
"""

import re
from pathlib import Path

_HERE = Path(__file__).parent
_PARTS = {path.name: path for path in (_HERE / "parts").rglob("_*.js")}
_IMPORT = re.compile(r'^import \{[^}]*\} from "(?:\.{1,2}/)+(?:\w+/)*(_\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def esm(module: str) -> str:
    """The ESM beside a Python module, whole, every shared part once and before its users."""
    seen: set[str] = set()
    names = ("_panel.js", Path(module).with_suffix(".js").name)
    text = "".join(_whole(name, seen) for name in names)
    text = text.replace("export default ", "const WIDGET = ", 1)
    return f"{text}\nexport default guarded(WIDGET);\n"


def css(module: str) -> str:
    """The shared style sheet and the one beside a Python module."""
    names = ("_base.css", Path(module).with_suffix(".css").name)
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


def _whole(name: str, seen: set[str]) -> str:
    if name in seen:
        return ""
    seen.add(name)
    text = _PARTS.get(name, _HERE / name).read_text(encoding="utf-8")
    if name.startswith("_"):
        text = _EXPORT.sub("", text)
    return _IMPORT.sub(lambda found: _whole(found[1], seen), text)
