"""Commands set the framework up before they touch what needs it. Other tests cannot see that, since there it is set up."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from .test_every_command import LISTING, MAKING, NAMING

pytestmark = pytest.mark.feature("EXT-20")
ASK = """
import json, sys
from broadsheet.cli import ready
class Asked(Exception):
    pass
def asked(*_, **__):
    raise Asked
ready.ready = asked
from typer.testing import CliRunner
from broadsheet.cli.main import app
wrong = {}
for words in json.load(sys.stdin):
    result = CliRunner().invoke(app, words)
    if result.exception is not None and not isinstance(result.exception, (Asked, SystemExit)):
        wrong[" ".join(words)] = repr(result.exception)
print(json.dumps(wrong))
"""


def test_no_command_needs_the_framework_before_it_is_set_up() -> None:
    values = dict.fromkeys(("open", "run", "event"), "00000000-0000-0000-0000-000000000001")
    values |= {"email": "a@a.example", "owner": "b@b.example", "out": "/nowhere/out", "file": __file__, "window": "1"}
    given = {**NAMING, **LISTING, **MAKING, "hold": "buyers-monday", "skip": "buyers-monday --undo"}
    lines = [[*name.split(), *one.format(**values).split()] for name, one in given.items()]
    lines += [["hold", values["open"]], ["move", "buyers-monday", "--undo"], ["release"], ["drop"]]
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-c", ASK], input=json.dumps(lines), capture_output=True, text=True, env=env, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {}
