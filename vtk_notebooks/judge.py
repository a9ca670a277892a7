"""Judge: a model that scores answers, asked once per question and remembered.

Some benchmarks let a language model grade free text. Here a judge is any callable from a prompt
to its reply, brought by the caller; `RecordedJudge` keeps every reply in a file, so that a score
can be computed again, by anyone, without the model.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from vtk_notebooks.arrays import digest
from vtk_notebooks.errors import VtkError

Judge = Callable[[str], str]
"""From a prompt to what the judge says."""


@dataclass
class RecordedJudge:
    """Replies out of a file of JSON lines; a judge is asked only for those it does not hold.

    Args:
        file: grows by one line per new reply; need not exist.
        ask: the judge; None where all replies must be in the file.
        name: of the judge and its version; another judge's replies are not used.
    """

    file: Path
    ask: Judge | None = None
    name: str = ""
    asked: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.file, self._replies = Path(self.file), dict[str, str]()
        written = self.file.read_bytes() if self.file.is_file() else b""
        # What follows the last line end was cut off while it was written: it is asked for again.
        self._good = written.rfind(b"\n") + 1
        for number, line in enumerate(written[: self._good].splitlines(), 1):
            try:
                row = json.loads(line)
                self._replies[row["key"]] = row["reply"]
            except (ValueError, KeyError, TypeError):
                who, hint = f"{self.file}, line {number}", "Remove the line; it is asked again."
                raise VtkError(who, "a JSON object with key and reply", line[:60], hint) from None

    def __call__(self, prompt: str) -> str:
        key = digest(self.name, prompt)
        if key not in self._replies:
            if self.ask is None:
                hint = "Give `ask`, a callable from prompt to reply."
                raise VtkError("RecordedJudge", f"a reply in {self.file}", "none", hint)
            reply = self.ask(prompt)
            self._keep(key, prompt, reply)
        return self._replies[key]

    def _keep(self, key: str, prompt: str, reply: str) -> None:
        row = {"key": key, "judge": self.name, "prompt": prompt, "reply": reply}
        line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("r+b" if self.file.is_file() else "wb") as file:
            file.seek(self._good)
            file.write(line)
            file.truncate()
        self._good += len(line)
        self._replies[key] = reply
        self.asked += 1
