#!/bin/sh
# macOS: double-click. Finds Python 3.11 to 3.13, makes .venv once, opens the workbench on the user's own cases.
cd "$(dirname "$0")" || exit 1
fail() {
    echo
    echo "$1"
    printf "Enter를 누르면 닫힙니다. "
    read -r _
    exit 1
}
python=""
for version in 3.13 3.12 3.11; do
    if "python$version" -c "import venv" 2>/dev/null; then
        python="python$version"
        break
    fi
done
[ -n "$python" ] || fail "Python 3.11, 3.12, 3.13 가운데 하나가 필요합니다. python.org에서 설치한 뒤 다시 열어 주세요."
if [ ! -e .venv/installed ]; then
    echo "== 처음 한 번 준비합니다 ($python, 몇 분 걸립니다)"
    { [ -d .venv ] || "$python" -m venv .venv; } || fail "가상환경을 만들지 못했습니다. 폴더에 쓸 수 있는지 확인해 주세요."
    .venv/bin/python -m pip install --quiet --upgrade pip || fail "설치 도구를 받지 못했습니다. 네트워크를 확인해 주세요."
    .venv/bin/python -m pip install --quiet -e ".[notebook,dask]" || fail "설치하지 못했습니다. 위의 글을 확인해 주세요."
    touch .venv/installed
fi
echo "== 작업대를 엽니다. 끝내려면 이 창을 닫으세요."
.venv/bin/workbench "$@" || fail "작업대가 끝났습니다. 위의 글을 확인해 주세요."
