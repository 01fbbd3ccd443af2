#!/bin/sh
# Runs `make test` in an environment of its own for each supported Python that is found, on the PATH
# or among pyenv's versions. Exit status 1 if one fails or none is found.
failed=0
found=0
for version in 3.11 3.12 3.13; do
    python=
    for candidate in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/$version.*/bin/python; do
        if "$candidate" -c 'import venv' 2>/dev/null; then
            python=$candidate
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "Python $version: not found, left out"
        continue
    fi
    found=1
    echo "Python $version: $("$python" --version)"
    if make --no-print-directory test PYTHON="$python" VENV=".venv-$version"; then
        echo "Python $version: passed"
    else
        echo "Python $version: FAILED"
        failed=1
    fi
done
[ "$found" = 1 ] && [ "$failed" = 0 ]
