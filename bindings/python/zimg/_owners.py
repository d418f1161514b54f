"""What owns a handle of the C API, or shows one for a while."""

from __future__ import annotations

from typing import Any, NoReturn


class Owner:
    """A copy is the object itself, since two must not destroy one handle. Another process has nothing of it."""

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> Any:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"a zimg {type(self).__name__} cannot be pickled: it belongs to this process")
