#!/usr/bin/env bash
# Everything that is tested, in one command.
#   tests/run.sh          all steps
#   tests/run.sh STEP…    some of: needs format lint rust faults release browser
# Installs what is missing where it may (as root, with apt-get), otherwise says what to install. A second run
# finds everything in place and needs no network. Ends with a summary; exit code 0 only if every step passed.
set -euo pipefail
cd "$(dirname "$0")/.."

steps=(needs format lint rust faults release browser)
[ $# = 0 ] || steps=("$@")

have() { command -v "$1" >/dev/null 2>&1; }
say() { printf '    %s\n' "$*"; }

# --- what the tests need ------------------------------------------------------------------------------------

has_postgres() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || have initdb; }
has_chromium() { [ -x "${CHROMIUM:-}" ] || have chromium || have chromium-browser || have google-chrome; }
has_font() { have fc-list && [ -n "$(fc-list :lang=zh-cn family 2>/dev/null | head -n 1)" ]; }
has_node() { have node && [ "$(node --version | sed 's/^v\([0-9]*\).*/\1/')" -ge 20 ]; }

# Debian packages that are missing, and what each is for.
missing_packages() {
  has_postgres || echo "postgresql (PostgreSQL server)"
  has_chromium || echo "chromium (browser)"
  has_font || echo "fonts-noto-cjk (Chinese font)"
  have fc-list || echo "fontconfig (font list)"
  have java || echo "default-jre-headless (Java, for the HTML checker)"
  has_node || echo "nodejs (Node.js 20.19 or later)"
  have npm || echo "npm (Node's package manager)"
}

step_needs() {
  have cargo || { say "cargo is missing: install a Rust toolchain"; return 1; }
  have cc || { say "cc is missing: install a C compiler"; return 1; }
  have git || { say "git is missing"; return 1; }
  for part in rustfmt clippy; do
    cargo "${part/rustfmt/fmt}" --version >/dev/null 2>&1 && continue
    have rustup || { say "cargo ${part/rustfmt/fmt} is missing: add the component $part"; return 1; }
    say "adding $part"
    rustup component add "$part"
  done
  install_packages || return 1
  install_node_packages
}

install_packages() {
  local missing names
  missing=$(missing_packages)
  if [ -z "$missing" ]; then say "system packages: all there"; return 0; fi
  say "missing:"
  printf '%s\n' "$missing" | sed 's/^/      /'
  if [ "$(id -u)" != 0 ] || ! have apt-get; then
    say "install these and start again (only root on a Debian system can do it from here)"
    return 1
  fi
  names=$(printf '%s\n' "$missing" | cut -d' ' -f1)
  export DEBIAN_FRONTEND=noninteractive
  say "installing (a few minutes)"
  apt-get update -qq || return 1
  # shellcheck disable=SC2086 # one word a package
  apt-get install -y -qq --no-install-recommends $names >/dev/null || return 1
  missing=$(missing_packages)
  [ -z "$missing" ] || { say "still missing after installation: $missing"; return 1; }
}

install_node_packages() {
  local kept=tests/browser/node_modules/.installed
  if cmp -s tests/browser/package-lock.json "$kept"; then say "node packages: all there"; return 0; fi
  say "node packages: npm ci"
  (cd tests/browser && npm ci --no-progress --loglevel=error) || return 1
  cp tests/browser/package-lock.json "$kept"
}

# --- the steps ----------------------------------------------------------------------------------------------

step_format() { cargo fmt --check; }

step_lint() { cargo clippy --locked --all-targets -- -D warnings; }

# Days are Beijing days whatever the machine's zone: the pure rules run once more far away.
step_rust() {
  BUJIANMIAN_TEST_POSTGRES=$(tests/postgres.sh start) || return 1
  export BUJIANMIAN_TEST_POSTGRES
  if cargo nextest --version >/dev/null 2>&1; then
    TZ=UTC cargo nextest run --locked --profile ci || return 1
    TZ=America/New_York cargo nextest run --locked --profile ci --lib --no-tests=pass --status-level fail || return 1
  else
    TZ=UTC cargo test --locked --no-fail-fast --lib --bins --tests || return 1
    TZ=America/New_York cargo test --locked --quiet --lib || return 1
  fi
  cargo test --locked --doc
}

# The fault harness must be able to fail: the same program with its claim broken on purpose, put aside, and the one
# scenario that must catch it. (Everything else of the harness ran in the step before.)
step_faults() {
  local built=${CARGO_TARGET_DIR:-target}
  cargo build --locked --features naive-claim || return 1
  mkdir -p "$built/tmp"
  cp "$built/debug/bujianmian" "$built/tmp/naive-claim" || return 1
  BUJIANMIAN_TEST_POSTGRES=$(tests/postgres.sh start) || return 1
  BUJIANMIAN_FAULTS_NAIVE=$(cd "$built/tmp" && pwd)/naive-claim
  export BUJIANMIAN_TEST_POSTGRES BUJIANMIAN_FAULTS_NAIVE
  cargo test --locked --test faults -- --nocapture a_naive_claim_is_caught
}

step_release() { cargo build --release --locked; }

step_browser() {
  [ -d tests/browser/node_modules ] || { say "tests/browser/node_modules is missing: tests/run.sh needs"; return 1; }
  node --test --test-reporter=spec tests/browser/*.test.mjs
}

# --- one after the other ------------------------------------------------------------------------------------

trap 'exit 130' INT TERM
case " ${steps[*]} " in *" rust "* | *" faults "*) trap 'tests/postgres.sh stop >/dev/null 2>&1 || true' EXIT ;; esac

summary=()
failed=0
declare -A state
for step in "${steps[@]}"; do
  declare -F "step_$step" >/dev/null || { echo "no such step: $step" >&2; exit 2; }
done
for step in "${steps[@]}"; do
  # Without the tools nothing after is worth a try; without the program no browser test is.
  if [ "${state[needs]:-}" = failed ] || { [ "$step" = browser ] && [ "${state[release]:-}" = failed ]; }; then
    state[$step]=failed
    summary+=("$(printf '%-8s not run' "$step")")
    continue
  fi
  printf '\n==> %s\n' "$step"
  begin=$SECONDS
  # A child of its own, so that `set -e` holds inside the step.
  set +e
  (set -e; "step_$step")
  code=$?
  set -e
  state[$step]=passed
  [ $code = 0 ] || { state[$step]=failed; failed=1; }
  summary+=("$(printf '%-8s %-6s %4d s' "$step" "${state[$step]}" $((SECONDS - begin)))")
  printf '==> %s %s after %d s\n' "$step" "${state[$step]}" $((SECONDS - begin))
done

printf '\n==> summary\n'
printf '    %s\n' "${summary[@]}"
if [ $failed = 0 ]; then echo "==> all steps passed in $SECONDS s"; else echo "==> FAILED after $SECONDS s"; fi
exit $failed
