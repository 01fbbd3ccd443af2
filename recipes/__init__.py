"""One file per scenario; the registry finds every module of this package."""
