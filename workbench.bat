@echo off
rem Windows: double-click. Finds Python 3.11 to 3.13, makes .venv, opens the workbench on the user's own cases. What is
rem there already is used; what was moved, updated, broken off or made by a Python that is gone is made again.
setlocal
chcp 65001 >nul
pushd "%~dp0" || goto nofolder
fc /b pyproject.toml .venv\installed >nul 2>nul || goto prepare
.venv\Scripts\python -P -c "import workbench.version" >nul 2>nul && goto open
:prepare
set "FITS=import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14) or sys.maxsize < 2**32)"
set "PYTHON="
for %%p in ("py -3.13" "py -3.12" "py -3.11" "python") do (
    if not defined PYTHON %%~p -c "%FITS%" >nul 2>nul && set "PYTHON=%%~p"
)
if not defined PYTHON goto nopython
%PYTHON% -c "import os, sys; sys.exit(len(os.getcwd()) > 90)" || goto toolong
echo == 처음이거나 바뀐 것이 있어 준비합니다 (%PYTHON%, 몇 분 걸립니다)
.venv\Scripts\python -c "import pip" >nul 2>nul && goto install
if exist .venv rmdir /s /q .venv
%PYTHON% -m venv .venv || goto novenv
:install
.venv\Scripts\python -m pip install --quiet --upgrade pip || goto nonetwork
.venv\Scripts\python -m pip install --quiet -e ".[notebook,dask]" || goto nonetwork
copy /y pyproject.toml .venv\installed >nul
:open
echo == 작업대를 엽니다. 끝내려면 이 창을 닫으세요.
.venv\Scripts\python -P -m workbench %* || goto ended
popd
exit /b 0
:nofolder
echo 이 폴더를 열 수 없습니다. 압축을 풀고 이 컴퓨터의 폴더로 옮긴 뒤 다시 열어 주세요.
goto failed
:nopython
echo 64비트 Python 3.11, 3.12, 3.13 가운데 하나가 필요합니다. python.org에서 설치한 뒤 다시 열어 주세요.
goto failed
:toolong
echo 폴더의 경로가 너무 깁니다. C:\영수증 처럼 짧은 곳으로 폴더를 옮긴 뒤 다시 열어 주세요.
goto failed
:novenv
echo 가상환경을 만들지 못했습니다. 이 폴더에 쓸 수 있는지, 열려 있는 작업대가 없는지 확인하고 다시 열어 주세요.
goto failed
:nonetwork
echo 설치하지 못했습니다. 네트워크와 위의 글을 확인하고 다시 열어 주세요.
goto failed
:ended
echo 작업대가 끝났습니다. 위의 글을 확인해 주세요.
:failed
echo.
pause
exit /b 1
