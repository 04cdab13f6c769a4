@echo off
rem Drag videos, pictures or a folder onto this file to grade them; double-click it to grade the samples.
rem A roster.csv inside the folder (file,name,profile,drill) is used when it is there.
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
set "OUT=%~dp0posecoach-out"
rem No parentheses around these commands: a dragged name such as clip(1).mp4 would end the block.
if "%~1"=="" goto samples
if exist "%~1\roster.csv" goto roster
.venv\Scripts\posecoach grade %* --out "%OUT%"
goto graded

:samples
.venv\Scripts\posecoach grade sample_videos --roster sample_videos\roster.csv --out "%OUT%"
goto graded

:roster
.venv\Scripts\posecoach grade "%~1" --roster "%~1\roster.csv" --out "%OUT%"

:graded
if "%errorlevel%"=="2" (
    echo [EN] Nothing was graded; the reason stands above.
    echo [中文] 没有评分，原因见上面的文字。
    pause
    exit /b 2
)
start "" "%OUT%\index.html"
pause
