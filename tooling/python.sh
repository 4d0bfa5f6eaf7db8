#!/usr/bin/env bash
# Prints the first Python of at least 3.11 on this machine; PYTHON=… overrides the choice.
set -euo pipefail
for name in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
  [ -n "$name" ] || continue
  if "$name" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    command -v "$name"
    exit 0
  fi
done
echo "Python 3.11 or newer with the venv module is needed; set PYTHON to its path." >&2
exit 1
