"""Lets the settings that the core reads from its surroundings take effect."""

import os

from app.support.settings import Settings

CACHE, THREADS = "CAIHUA_CACHE", "CAIHUA_THREADS"


def take_effect(now: Settings, before: Settings | None = None) -> None:
    """Put the settings of caches and threads in force, here and in child processes.

    What was set from outside stays in force while the person sets nothing.
    """
    old = before or Settings()
    threads = str(now.threads) if now.threads else ""
    old_threads = str(old.threads) if old.threads else ""
    _put(CACHE, now.cache_folder, old.cache_folder)
    _put(THREADS, threads, old_threads)


def _put(name: str, wanted: str, before: str) -> None:
    if wanted:
        os.environ[name] = wanted
    elif before and os.environ.get(name) == before:
        del os.environ[name]
