"""Imports that a library makes and that nothing here uses, left out: half a worker's start went into them.

Such a library is half of itself, so it is set apart: whoever imports it beside us gets a whole one.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


class _Anything(type):
    """A class that stands for whatever was asked for: base class, exception, attribute, the answer of a call."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (Exception,), {})

    def __call__(cls, *_: Any, **__: Any) -> Any:
        return cls

    def __iter__(cls) -> Iterator[Any]:
        return iter(())


class _StandIn(ModuleType):
    __path__: list[str] = []  # noqa: RUF012  # a package, so that its modules are asked for here, too

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (Exception,), {})


class _Finder(MetaPathFinder, Loader):
    """Finds stand-ins for the modules named and all inside them, but for what is needed and its packages."""

    def __init__(self, names: Sequence[str], needed: Sequence[str]) -> None:
        self._names, self._needed = names, needed

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """See `MetaPathFinder`."""
        meant = any(_within(fullname, name) for name in self._names)
        needed = any(_within(fullname, name) or _within(name, fullname) for name in self._needed)
        return ModuleSpec(fullname, self, is_package=True) if meant and not needed else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """See `Loader`."""
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """See `Loader`."""


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


@contextmanager
def left_out(*names: str, needed: Sequence[str] = ()) -> Iterator[None]:
    """What is imported inside gets a stand-in for each of those modules that is not loaded yet, `needed` ones excepted.

    Behind it each can be imported as ever; who imported it inside keeps the stand-in.
    """
    finder = _Finder([name for name in names if name not in sys.modules], needed)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name, module in sys.modules.items() if isinstance(module, _StandIn)]:
            _forget(name)


_KEPT: dict[str, dict[str, ModuleType]] = {}
"""Modules that were set apart, by what they were imported for."""


@contextmanager
def set_apart(purpose: str, *packages: str) -> Iterator[None]:
    """What is imported of `packages` inside is known inside alone, and again wherever the `purpose` is the same.

    Where somebody has imported one of them before, theirs is used and what it lacked is not left behind in it.
    """
    theirs = _loaded(packages)
    kept = {} if theirs else _KEPT.setdefault(purpose, {})
    sys.modules.update(kept)
    try:
        yield
    finally:
        ours = {name: module for name, module in _loaded(packages).items() if name not in theirs}
        kept.update(ours)
        for name in ours:
            _forget(name)


def _loaded(packages: Sequence[str]) -> dict[str, ModuleType]:
    return {name: module for name, module in sys.modules.items() if any(_within(name, one) for one in packages)}


def _forget(name: str) -> None:
    """Has the next import of a module make it anew; its package, where that stays, no longer holds it."""
    module, (package, _, last) = sys.modules.pop(name), name.rpartition(".")
    parent = sys.modules.get(package)
    if parent is not None and parent.__dict__.get(last) is module:
        delattr(parent, last)
