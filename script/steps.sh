# Sourced by script/setup, script/server and script/test: progress, stamps, machine packages.
# A stamp is the hash of what a step reads; the step is left out while its stamp is unchanged.

# Folders are given relative to where one stands, and all work is done from the root of the checkout.
for variable in DIRECTORY_INSTANCE DIRECTORY_GAZETTEER DIRECTORY_SAMPLES; do
  [ -z "${!variable:-}" ] || export "$variable=$(realpath -m "${!variable}")"
done
unset variable
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
export LC_ALL=C.UTF-8 PYTHONUTF8=1

PYTHON_OLDEST="3.11"
TOOLS=.cache/tools # uv and Node.js, where the machine has none
CHILD=""
LOG=""

say() { printf '%s\n' "$*"; }

# fail MESSAGE…: the last word of a script; each argument is a line.
fail() {
  { printf '\n' && printf '%s\n' "$@"; } >&2
  exit 1
}

# A signal stops what is running too, children included: bash alone would wait for it, or leave it behind.
trap 'stop_child; exit 143' TERM
trap 'stop_child; exit 130' INT
stop_child() {
  [ -z "$CHILD" ] || kill -TERM -- "-$CHILD" 2>/dev/null || true
  [ -z "$LOG" ] || rm -f "$LOG"
}

# run COMMAND…: in a process group of its own, so that a signal can end all of it.
run() {
  local code=0
  set -m
  "$@" &
  CHILD=$!
  set +m
  wait "$CHILD" || code=$?
  CHILD=""
  return "$code"
}

# step MESSAGE COMMAND…: one progress line, the time it took, and the output only when it fails.
step() {
  local message=$1 started=$SECONDS code=0
  shift
  LOG=$(mktemp)
  printf '→ %s…\n' "$message"
  run "$@" >"$LOG" 2>&1 || code=$?
  [ "$code" -eq 0 ] || cat "$LOG" >&2
  rm -f "$LOG"
  LOG=""
  [ "$code" -eq 0 ] || fail "Échec : $message." "Commande : $*"
  printf '  fait en %s s\n' "$((SECONDS - started))"
}

# digest PATH…: one hash for the names and contents of these files and folders.
digest() {
  { find "$@" -type f -not -name '*.py[cod]' -print0 2>/dev/null || true; } | sort -z | xargs -0 -r sha256sum | sha256sum | cut -d' ' -f1
}

# is_done STAMP HASH / done_now STAMP HASH
is_done() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }
done_now() { mkdir -p "$(dirname "$1")" && printf '%s\n' "$2" >"$1"; }

# find_node: put Node.js and npm on the PATH, the machine's or those of script/setup.
find_node() {
  if { command -v node && command -v npm; } >/dev/null; then
    return
  fi
  [ -x "$TOOLS/bin/npm" ] && PATH="$PWD/$TOOLS/bin:$PATH"
}

# require_packages REASON PACKAGE…: install Debian packages where this account may; else name them and stop.
require_packages() {
  local reason=$1 prefix=()
  shift
  if ! command -v apt-get >/dev/null; then
    fail "$reason : il manque $* (noms des paquets Debian)." "Cette machine n’a pas apt-get : installez-en l’équivalent, puis relancez."
  fi
  if [ "$(id -u)" -ne 0 ]; then
    # sudo may ask for its password at a terminal, never elsewhere.
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; then
      prefix=(sudo)
    else
      fail "$reason : il manque $*." "Ce compte ne peut pas installer de paquets. Une personne qui le peut lance :" \
        "  apt-get install $*" "puis relancez cette commande."
    fi
  fi
  step "Paquets Debian : $*" install_packages "${prefix[@]}" -- "$@"
}

install_packages() {
  local prefix=()
  while [ "$1" != "--" ]; do
    prefix+=("$1")
    shift
  done
  shift
  "${prefix[@]}" apt-get update -q || true # old lists may still do
  "${prefix[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

# build_gazetteer FILE STAMP: built once in .cache/ for these sources, then copied where it is wanted.
build_gazetteer() {
  local hash built
  hash=$(digest directory/geocoding/build directory/geocoding/{spelling,places,engine}.py directory/reference/keys.py \
    data/geocoding data/territories requirements.txt)
  if [ -s "$1" ] && is_done "$2" "$hash"; then
    return
  fi
  built=.cache/gazetteer-${hash:0:16}.sqlite
  if [ ! -s "$built" ]; then
    mkdir -p .cache
    find .cache -maxdepth 1 -name 'gazetteer-*' -delete
    step "Répertoire des lieux (communes et localités du monde)" \
      env DIRECTORY_GAZETTEER="$PWD/$built.new" .venv/bin/flask --app wsgi geocoding build
    mv "$built.new" "$built"
  fi
  mkdir -p "$(dirname "$1")"
  cp "$built" "$1.new"
  mv "$1.new" "$1"
  done_now "$2" "$hash"
}
