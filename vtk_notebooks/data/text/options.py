"""Options: the choices that a question lists in its own text, a line each."""

import re
from itertools import groupby

_OPTION = re.compile(
    r"(?:[A-Z][.)]|\([A-Z]\)|(?:Option|Sentence|Caption|Description|Choice) (?:[A-Z]|\d):) \S.*"
)


def listed_options(question: str) -> tuple[str, ...]:
    """The last run of two lines or more that look like options, as written."""
    runs = groupby(question.split("\n"), lambda line: bool(_OPTION.fullmatch(line.strip())))
    found = [tuple(line.strip() for line in run) for is_option, run in runs if is_option]
    return next((run for run in reversed(found) if len(run) > 1), ())
