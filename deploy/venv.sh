#!/bin/sh
# Makes a virtual environment in $1 with the first Python that is new enough, or says in one line what is missing.
set -eu

candidates=${CANDIDATES:-"python3 python3.14 python3.13 python3.12 python3.11 /opt/homebrew/bin/python3 /usr/local/bin/python3 /usr/bin/python3"}
old=
bare=
for python in ${PYTHON:-} $candidates; do
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        old=${old:-$version}
        continue
    fi
    # Debian keeps ensurepip in a package of its own.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        bare=${bare:-$python}
        continue
    fi
    if said=$("$python" -m venv "$1" 2>&1); then
        exit 0
    fi
    rm -rf "$1"
    echo "$python could not make a virtual environment: $said" >&2
    exit 1
done

if [ -n "$bare" ]; then
    echo "$bare cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv (as root), then make again." >&2
elif [ -n "$old" ]; then
    echo "askaround needs Python 3.11 or newer; here is only $old. Install a newer one, or name it: make PYTHON=/path/to/python3" >&2
else
    echo "askaround needs Python 3.11 or newer; none was found. Install python3, or name it: make PYTHON=/path/to/python3" >&2
fi
exit 1
