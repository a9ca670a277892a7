"""Progress bars for runs: plain text in a terminal, a widget in a notebook."""

from typing import Any

from tqdm.auto import tqdm


class Bars:
    """One bar per step, in the way that `run(..., progress=bars)` calls it.

    Bars go to stderr, so that stdout stays a table or JSON. Interrupting the kernel (or Ctrl-C)
    stops at the next step; what was finished stays in the store.

    Args:
        quiet: show nothing.
        leave: keep a finished bar on show.
        prefix: put before the name of each step.
    """

    def __init__(self, *, quiet: bool = False, leave: bool = True, prefix: str = "") -> None:
        self._quiet, self._leave, self.prefix = quiet, leave, prefix
        self._step: str | None = None
        self._bar: Any = None

    def __enter__(self) -> "Bars":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __call__(self, step: str, done: int, total: int | None) -> None:
        """Show that `done` of `total` is done; None as total means nobody knows."""
        if step != self._step:
            self.close()
            self._step = step
            form = "{desc:<32}{percentage:3.0f}% |{bar:30}| {n_fmt}/{total_fmt} [{elapsed}]"
            self._bar = tqdm(
                total=total,
                desc=self.prefix + step,
                disable=self._quiet,
                leave=self._leave,
                bar_format=form if total else None,
            )
        if total is not None:
            self._bar.total = total  # of a download it grows as files are begun
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """End the bar on show."""
        if self._bar is not None:
            self._bar.close()
        self._bar = self._step = None
