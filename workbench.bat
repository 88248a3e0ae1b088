@echo off
rem Windows: double-click. Finds Python 3.11 to 3.13, makes .venv once, opens the workbench on the user's own cases.
chcp 65001 >nul
cd /d "%~dp0"
set "PYTHON="
for %%v in (3.13 3.12 3.11) do (
    if not defined PYTHON py -%%v -c "import venv" >nul 2>nul && set "PYTHON=py -%%v"
)
if not defined PYTHON (
    echo Python 3.11, 3.12, 3.13 가운데 하나가 필요합니다. python.org에서 설치한 뒤 다시 열어 주세요.
    goto failed
)
if exist .venv\installed goto open
echo == 처음 한 번 준비합니다 (%PYTHON%, 몇 분 걸립니다)
if not exist .venv %PYTHON% -m venv .venv || goto failed
.venv\Scripts\python -m pip install --quiet --upgrade pip || goto failed
.venv\Scripts\python -m pip install --quiet -e ".[notebook,dask]" || goto failed
type nul > .venv\installed
:open
echo == 작업대를 엽니다. 끝내려면 이 창을 닫으세요.
.venv\Scripts\workbench %* || goto failed
exit /b 0
:failed
echo.
echo 끝났습니다. 위의 글을 확인해 주세요.
pause
exit /b 1
