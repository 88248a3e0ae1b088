#!/bin/sh
# macOS: double-click. Finds Python 3.11 to 3.13, makes .venv, opens the workbench on the user's own cases. What is
# there already is used; what was moved, updated, broken off or made by a Python that is gone is made again.
cd "$(dirname "$0")" || exit 1
fail() {
    echo
    echo "$1"
    printf "Enter를 누르면 닫힙니다. "
    read -r _
    exit 1
}
ready() { cmp -s pyproject.toml .venv/installed && .venv/bin/python -P -c "import workbench.version" 2>/dev/null; }
if ! ready; then
    python=""
    for name in python3.13 python3.12 python3.11 python3; do
        if "$name" -c "import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))" 2>/dev/null; then
            python="$name"
            break
        fi
    done
    [ -n "$python" ] || fail "Python 3.11, 3.12, 3.13 가운데 하나가 필요합니다. python.org에서 설치한 뒤 다시 열어 주세요."
    echo "== 처음이거나 바뀐 것이 있어 준비합니다 ($python, 몇 분 걸립니다)"
    if ! .venv/bin/python -c "import pip" 2>/dev/null; then
        rm -rf .venv
        "$python" -m venv .venv || fail "가상환경을 만들지 못했습니다. 이 폴더에 쓸 수 있는지 확인해 주세요."
    fi
    .venv/bin/python -m pip install --quiet --upgrade pip || fail "설치 도구를 받지 못했습니다. 네트워크를 확인하고 다시 열어 주세요."
    .venv/bin/python -m pip install --quiet -e ".[notebook,dask]" || fail "설치하지 못했습니다. 네트워크와 위의 글을 확인하고 다시 열어 주세요."
    cp pyproject.toml .venv/installed
fi
echo "== 작업대를 엽니다. 끝내려면 이 창을 닫으세요."
.venv/bin/python -P -m workbench "$@" || fail "작업대가 끝났습니다. 위의 글을 확인해 주세요."
