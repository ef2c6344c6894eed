"""The versions that jupyspike says it works with: environments of them, each of which runs the tests they matter to.

    python tests/versions                          # all environments: make matrix
    python tests/versions oldest newest            # some of them
    python tests/versions oldest -- tests/browser  # other tests, or other arguments of pytest

Each is an editable installation of these sources with everything that pyproject.toml names, kept in build/versions
for the rest of the day. All are made before the first test runs. Pythons are looked for on the path; environments of
those that are not there are left out.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from environments import ENVIRONMENTS, Environment, NotMade, interpreter, made
from results import Result, table, tested


def chosen(names: Sequence[str]) -> list[Environment]:
    """The environments of these names, or all those whose Python is here."""
    known = {environment.name: environment for environment in ENVIRONMENTS}
    if unknown := [name for name in names if name not in known]:
        raise NotMade(f"there is no environment '{unknown[0]}'; there are: {', '.join(known)}")
    return [known[name] for name in names] or [each for each in ENVIRONMENTS if interpreter(each.python)]


def main() -> int:
    arguments = sys.argv[1:]
    split = arguments.index("--") if "--" in arguments else len(arguments)
    try:
        environments = chosen(arguments[:split])
        pythons = [made(environment) for environment in environments]
    except NotMade as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 2
    results: list[Result] = []
    for environment, python in zip(environments, pythons, strict=True):
        print(f"\n==> {environment.name}", flush=True)
        results.append(tested(environment, python, arguments[split + 1 :]))
    print(f"\n{table(results)}")
    for environment in ENVIRONMENTS:
        if not arguments[:split] and environment not in environments:
            print(f"{environment.name} was left out: there is no python{environment.python} on the path")
    return 0 if all(result.good for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
