"""The command line, as a person uses it."""

import sys

import pytest


@pytest.fixture
def say(monkeypatch, capsys):
    """Run a command line; what it printed, what it complained, how it ended."""

    from vtk_notebooks import cli

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["vtk-notebooks", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return told.out, told.err, ended.value.code or 0

    return run
