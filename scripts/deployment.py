"""Render the Helm chart with Helm's own library, check it against Kubernetes' schemas, and read the compose files with
Docker Compose. Called by scripts/check_deployment, which brings these tools; nothing here is for the product.

Writes tests/deploy/rendered/<case>.yaml for each file of tests/deploy/values; with ``--check`` exit code 1 where one differs.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CHART = ROOT / "deploy/chart"
VALUES = ROOT / "tests/deploy/values"
RENDERED = ROOT / "tests/deploy/rendered"
RELEASES = ("1.28", "1.31", "1.34", "1.37")  # of Kubernetes; those between are like them
FOREIGN = {
    "ScaledObject",
    "TriggerAuthentication",
    "ServiceMonitor",
}  # of operators, whose schemas are not in Kubernetes
OVERRIDES = ("redis", "apart")
SECRET = {"secret_key": "0f8Kq2Zp7Vw3Xy9Lm4Nt6Rb1Sd5Gh0Jc8Ae2"}
# What must be refused, by what is said: (values, a part of the message)
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "Say at which address"),
    ({"baseUrl": "https://r.example"}, "There are no secrets"),
    ({"baseUrl": "https://r.example", "secrets": {"create": {"secret_key": "short"}}}, "at least 32 characters"),
    ({"baseUrl": "https://r.example", "secrets": {"create": SECRET}}, "needs secrets.create.database_url"),
    ({"baseUrl": "https://r.example", "secrets": {"existing": "s", "create": SECRET}}, "Leave one of them out"),
    ({"baseUrl": "https://r.example", "secrets": {"existing": "s"}, "database": {"kind": "bundled"}}, "its password"),
    ({"baseUrl": "https://r.example", "secrets": {"existing": "s"}, "workers": {"heavy": {"replicas": 0}}}, "No pool"),
    ({"baseUrl": "https://r.example", "secrets": {"existing": "s"}, "serviceMonitor": {"enabled": True}}, "a token"),
    ({"baseUrl": "https://r.example", "secrets": {"existing": "s"}, "autoscaling": {"by": "prometheus"}}, "address"),
    ({"baseUrl": "https://r.example", "secrets": {"existing": "s"}, "web": {"replica": 3}}, "replica"),
]


def digest() -> str:
    """Of all that a rendering is made from."""
    files = sorted(one for folder in (CHART, VALUES) for one in folder.rglob("*") if one.is_file())
    told = sha256()
    for one in files:
        told.update(one.relative_to(ROOT).as_posix().encode() + b"\0" + one.read_bytes() + b"\0")
    return told.hexdigest()


def values(case: Path) -> dict[str, Any]:
    """Of a case; the trial's lie over the file that the chart brings for it."""
    own: dict[str, Any] = yaml.safe_load(case.read_text("utf-8"))
    if case.stem != "trial":
        return own
    return over(yaml.safe_load((CHART / "values-trial.yaml").read_text("utf-8")), own)


def render(given: dict[str, Any]) -> str:
    """One text of all manifests, as an upgrade sends them, in the order of their files."""
    from helm_python.chart import Chart

    with Chart.load(str(CHART)) as chart:
        made = chart.render(given, name="broadsheet", namespace="reports", is_upgrade=True)
    found = [(name, text.strip()) for name, text in sorted(made.items()) if not name.endswith((".tpl", "NOTES.txt"))]
    return "\n".join(f"---\n# {name}\n{text.removeprefix('---').strip()}" for name, text in found if text) + "\n"


def main(arguments: list[str]) -> int:
    wrong = [*_lint(), *_compose()]
    for case in sorted(VALUES.glob("*.yaml")):
        text = render(values(case))
        wrong += _validate(case.stem, text)
        text = f"# Made by scripts/check_deployment; do not edit.\n# From {digest()}\n{text}"
        file = RENDERED / case.name
        if "--check" not in arguments:
            file.write_text(text, "utf-8")
        elif not file.is_file() or file.read_text("utf-8") != text:
            wrong.append(f"{file.relative_to(ROOT)} is not what the chart renders; run scripts/check_deployment.")
    for one in wrong:
        print(one, file=sys.stderr)
    return 1 if wrong else 0


def _lint() -> Iterator[str]:
    """What Helm finds wrong with the chart, and what it ought to refuse and does not."""
    from helm_python.chart import lint
    from helm_python.errors import HelmError

    for case in sorted(VALUES.glob("*.yaml")):
        yield from (str(one) for one in lint(str(CHART), values(case), strict=True)["errors"])
    for given, message in REFUSED:
        try:
            render(given)
        except HelmError as error:
            if message not in str(error):
                yield f"Refused, but not with “{message}”: {error}"
        else:
            yield f"Not refused: {given}"
    print(f"chart: linted, {len(REFUSED)} wrong sets of values refused")


def _validate(case: str, text: str) -> Iterator[str]:
    import kubernetes_validate

    known = [one for one in yaml.safe_load_all(text) if one and one["kind"] not in FOREIGN]
    for one in known:
        for release in RELEASES:
            try:
                kubernetes_validate.validate(one, release, strict=True)
            except kubernetes_validate.ValidationError as error:
                name = f"{one['kind']}/{one['metadata']['name']}"
                yield f"{case}: {name}: Kubernetes {release}: {error.message}"
    print(f"chart: {case}: {len(known)} manifests are as Kubernetes {', '.join(RELEASES)} want them")


def _compose() -> Iterator[str]:
    """What Docker Compose says of the file and of each of its overrides, alone and together."""
    compose = Path(sys.executable).with_name("docker-compose")
    sets = list(chain.from_iterable(combinations(OVERRIDES, size) for size in range(len(OVERRIDES) + 1)))
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["cp", "-r", ROOT / "deploy", f"{folder}/deploy"], check=True)
        subprocess.run([f"{folder}/deploy/make-secrets"], check=True, stdout=subprocess.DEVNULL)
        for names in sets:
            files = [part for name in ("", *names) for part in ("-f", f"compose{'.' if name else ''}{name}.yaml")]
            told = subprocess.run(
                [compose, *files, "config", "--quiet"],
                cwd=f"{folder}/deploy",
                capture_output=True,
                text=True,
                check=False,
            )
            if told.returncode or told.stderr:
                yield f"compose {' + '.join(names) or 'alone'}: {told.stderr.strip()}"
    print(f"compose: {len(sets)} sets of files read")


def over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """*above* laid over *below*, as Helm lays values."""
    made = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(made.get(key), dict)
        made[key] = over(made[key], value) if both else value
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
