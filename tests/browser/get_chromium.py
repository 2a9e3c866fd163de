"""Get a browser for the tests: $CHROMIUM, one on PATH, Playwright's own, or Debian's package."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from lab import find_chromium
from playwright.sync_api import sync_playwright


def playwright_has_one() -> bool:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def download() -> bool:
    command = [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]
    return subprocess.run(command, check=False).returncode == 0


def install_package() -> bool:
    if not shutil.which("apt-get"):
        return False
    sudo = ["sudo"] if os.geteuid() != 0 else []
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    update = subprocess.run([*sudo, "apt-get", "update", "-qq"], check=False)
    install = [*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    return update.returncode == 0 and subprocess.run(install, env=environment, check=False).returncode == 0


if not (find_chromium() or playwright_has_one() or download() or install_package()):
    sys.exit("no Chromium: install one, or name it in $CHROMIUM")
