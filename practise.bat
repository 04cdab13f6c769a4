@echo off
rem Double-click it to practise before this computer's camera; the same page grades folders and holds the morning meeting.
chcp 65001 >nul
setlocal
set PYTHONUTF8=1

if not exist "%~dp0.venv\Scripts\posecoach.exe" (
    echo [EN] Not set up yet: double-click setup.bat first.
    echo [中文] 还没有安装：请先双击 setup.bat。
    pause
    exit /b 1
)

cd /d "%~dp0"
echo [EN] The page opens in the browser. Keep this window open while you practise; close it to end.
echo [中文] 网页会在浏览器里打开。练习时不要关这个窗口；关掉它就结束。
.venv\Scripts\posecoach serve --camera 0 --open
pause
