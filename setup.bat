@echo off
rem Sets posecoach up in this folder. Double-click it once; it can be run again at any time.
chcp 65001 >nul
setlocal
set PYTHONUTF8=1
cd /d "%~dp0"

set "PY="
for %%v in (3.12 3.11 3.10) do if not defined PY py -%%v -c "import sys; sys.exit(sys.maxsize != 2**63 - 1)" >nul 2>nul && set "PY=py -%%v"
if not defined PY python -c "import sys; sys.exit(not ((3, 10) <= sys.version_info[:2] <= (3, 12) and sys.maxsize == 2**63 - 1))" >nul 2>nul && set "PY=python"

if not defined PY (
    echo [EN] posecoach needs Python 3.10, 3.11 or 3.12, 64-bit. Install Python 3.12 from python.org, then run setup.bat again.
    echo [中文] 需要 64 位的 Python 3.10、3.11 或 3.12。请从 python.org 安装 Python 3.12，然后再次运行 setup.bat。
    pause
    exit /b 1
)

%PY% -c "import os, sys; sys.exit(not os.getcwd().isascii())"
if errorlevel 1 (
    echo [EN] The path of this folder must have English letters only. Move the folder to C:\posecoach and run setup.bat there.
    echo [中文] 本文件夹的路径只能含英文字母。请把文件夹移到 C:\posecoach，再在那里运行 setup.bat。
    pause
    exit /b 1
)

echo [EN] Setting up with %PY%. The first time downloads about 300 MB and takes a few minutes.
echo [中文] 正在用 %PY% 安装，首次需下载约 300 MB，请等几分钟。

%PY% -m venv .venv || goto failed
.venv\Scripts\python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock || goto failed
.venv\Scripts\python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . || goto failed
pushd web
set DENO_NO_UPDATE_CHECK=1
set DENO_TLS_CA_STORE=system,mozilla
..\.venv\Scripts\deno install --quiet --frozen --lock=deno.lock --node-modules-linker hoisted
if errorlevel 1 (
    echo [EN] Not fetched: the packages for recognition in the browser. Browsers will send pictures instead. Run setup.bat again to retry.
    echo [中文] 没有取到浏览器识别用的软件包，浏览器会改为发送画面。再次运行 setup.bat 会重试。
)
popd
.venv\Scripts\posecoach doctor || goto unwell

echo.
echo [EN] Ready. Drag a video or a folder of videos onto start.bat, or double-click it to grade the samples.
echo [中文] 安装完成。把视频或视频文件夹拖到 start.bat 上即可评分；直接双击 start.bat 可评分示例视频。
pause
exit /b 0

:unwell
echo.
echo [EN] Installed, but something on this computer is not right yet; the lines above say what to do.
echo [中文] 已安装，但本机还有问题，请按上面的提示处理。
pause
exit /b 1

:failed
echo.
echo [EN] Setup did not finish; the reason stands above. Check the network and run setup.bat again.
echo [中文] 安装没有完成，原因见上面的文字。请检查网络后再次运行 setup.bat。
pause
exit /b 1
