"""_raw.py is the header, include/zimg/zimg.h: every function with its arity and types, every constant, every struct."""

from __future__ import annotations

import ctypes
import importlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
from typing import Any

from zimg import _raw, enums

HEADER = pathlib.Path(os.environ["ZIMG_HEADER"])
sys.path.insert(0, os.environ["ZIMG_HEADER_READER"])
read_header: Any = importlib.import_module("read_header")

TEXT = HEADER.read_text(encoding="utf-8")
PLAIN = read_header.without_comments(TEXT)
ENUMERATIONS = set(re.findall(r"typedef int32_t (zimg_\w+);", PLAIN))
CALLBACKS = {
    name: (result.strip(), read_header.split_parameters(parameters))
    for result, name, parameters in re.findall(r"typedef ([\w ]+?) \(\*(zimg_\w+)\)\((.*?)\);", PLAIN, re.DOTALL)
}
NUMBERS = {
    "uint16_t": ctypes.c_uint16, "uint32_t": ctypes.c_uint32, "uint64_t": ctypes.c_uint64, "int32_t": ctypes.c_int32,
    "int64_t": ctypes.c_int64, "int": ctypes.c_int, "size_t": ctypes.c_size_t, "double": ctypes.c_double,
    "float": ctypes.c_float, "void": None,
}  # fmt: skip
READ = {"const char*", "const void*", "const uint8_t*"}  # memory that a function reads


def callback_class(name: str) -> Any:
    words = name.removeprefix("zimg_").removesuffix("_function").split("_")
    return getattr(_raw, "".join(word.capitalize() for word in words) + "Function")


def expected(kind: str, where: str) -> Any:
    """What ctypes type stands for the C type `kind` as "parameter" or "result" of a function, or in a "callback"."""
    if kind in ENUMERATIONS:
        return ctypes.c_int32
    if kind in NUMBERS:
        return NUMBERS[kind]
    if kind in CALLBACKS:
        return callback_class(kind)
    if kind == "void (*)(void* user_data)":
        return _raw.Release
    if where == "parameter" and kind in READ:
        return ctypes.c_char_p
    inner = kind.removesuffix("*")
    if where != "callback" and inner in ("zimg_key", "const zimg_key"):
        return ctypes.POINTER(_raw.Key)
    if inner == "const zimg_cache_vtable":
        return ctypes.POINTER(_raw.CacheTable)
    if inner == "const zimg_pipeline_vtable":
        return ctypes.POINTER(_raw.PipelineTable)
    if kind.endswith("**") or kind.endswith("* const*"):
        return ctypes.POINTER(ctypes.c_void_p)
    if kind.endswith("*") and where != "result" and (inner in NUMBERS or inner in ENUMERATIONS) and inner != "void":
        return ctypes.POINTER(NUMBERS.get(inner, ctypes.c_int32))
    if kind.endswith("*"):
        return ctypes.c_void_p
    raise AssertionError(f"a type of no class: {kind}")


# Functions whose work Python does in another way.
ELSEWHERE = {
    "zimg_status_name", "zimg_outcome_name", "zimg_stored_name", "zimg_trace_kind_name", "zimg_prewarm_end_name",  # enums
    "zimg_error_status",  # the call's own status
    "zimg_request_clone", "zimg_entry_clone",  # dataclasses.replace()
    "zimg_cache_store",  # store_all() of one
    "zimg_result_copy_bytes", "zimg_result_share_bytes",  # Result.bytes, and Result.view, which holds the result
}  # fmt: skip


class RawTest(unittest.TestCase):
    def test_the_package_uses_each_function(self) -> None:
        folder = pathlib.Path(_raw.__file__).parent
        text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py") if path.name != "_raw.py")
        used = set(re.findall(r"\b(?:_?lib|library)\.(zimg_\w+)", text))
        setters = tuple(re.findall(r'getattr\(lib, "(zimg_\w+_set_)" \+ name\)', text))
        unused = {name for name in _raw.FUNCTIONS if name not in used and not name.startswith(setters)}
        self.assertEqual(unused, ELSEWHERE)

    def test_has_the_functions_of_the_header_and_no_other(self) -> None:
        names = [function.name for function in read_header.functions(TEXT)]
        self.assertGreater(len(names), 300)
        self.assertEqual(len(names), len(re.findall(r"^ZIMG_SINCE_\w+ ", PLAIN, re.MULTILINE)))
        self.assertEqual(sorted(_raw.FUNCTIONS), sorted(names))

    def test_declares_each_as_the_header_does(self) -> None:
        for function in read_header.functions(TEXT):
            with self.subTest(function.name):
                result, parameters = _raw.FUNCTIONS[function.name]
                self.assertEqual(list(parameters), [expected(p.type, "parameter") for p in function.parameters])
                is_for_ever = function.result == "const char*" and not function.parameters[1:]
                wanted = ctypes.c_char_p if is_for_ever else expected(function.result, "result")
                self.assertIs(result, wanted)

    def test_has_the_enumerators_of_the_header_and_no_other(self) -> None:
        mine = {}
        for name in ENUMERATIONS:
            words = name.removeprefix("zimg_").split("_")
            enumeration = getattr(enums, "".join(word.capitalize() for word in words))
            mine.update({f"{name.upper()}_{member.name}": int(member) for member in enumeration})
        self.assertEqual(mine, read_header.enumerators(TEXT))
        classes = [name for name, kind in vars(enums).items() if isinstance(kind, type) and name != "IntEnum"]
        self.assertEqual(len(classes), len(ENUMERATIONS))

    def test_has_the_version_of_the_header(self) -> None:
        for name in ("ABI_MAJOR", "ABI_MINOR"):
            match = re.search(rf"#define ZIMG_{name} (\d+)", TEXT)
            assert match
            self.assertEqual(getattr(_raw, name), int(match[1]))

    def test_declares_callbacks_as_the_header_does(self) -> None:
        self.assertGreater(len(CALLBACKS), 8)
        for name, (result, parameters) in CALLBACKS.items():
            with self.subTest(name):
                self.check_callback(callback_class(name), result, [read_header.read_parameter(p).type for p in parameters])

    def check_callback(self, made: Any, result: str, types: list[str]) -> None:
        self.assertIs(made._restype_, expected(result, "result"))
        self.assertEqual(list(made._argtypes_), [expected(kind, "callback") for kind in types])

    def test_declares_the_tables_as_the_header_does(self) -> None:
        for table, struct in (("zimg_cache_vtable", _raw.CacheTable), ("zimg_pipeline_vtable", _raw.PipelineTable)):
            body = re.search(rf"typedef struct {table} \{{(.*?)\}} {table};", PLAIN, re.DOTALL)
            assert body
            members = re.findall(r"(\w+) \(\*(\w+)\)\((.*?)\);", body[1], re.DOTALL)
            fields: list[Any] = list(struct._fields_)
            self.assertEqual([name for name, *_ in fields], ["struct_size", *(name for _, name, _ in members)])
            for (result, name, parameters), (_, made) in zip(members, fields[1:]):
                with self.subTest(f"{table}.{name}"):
                    listed = read_header.split_parameters(parameters)
                    self.check_callback(made, result, [read_header.read_parameter(p).type for p in listed])

    def test_lays_the_structs_out_as_the_compiler_does(self) -> None:
        structs = {"zimg_key": _raw.Key, "zimg_cache_vtable": _raw.CacheTable, "zimg_pipeline_vtable": _raw.PipelineTable}
        mine = []
        asked = []
        for name, struct in structs.items():
            mine.append(ctypes.sizeof(struct))
            asked.append(f"sizeof({name})")
            for field, *_ in struct._fields_:
                mine.append(getattr(struct, field).offset)
                asked.append(f"offsetof({name}, {field})")
        lines = "".join(f'  printf("%zu\\n", {what});\n' for what in asked)
        program = f"#include <stdio.h>\n#include <zimg/zimg.h>\nint main(void) {{\n{lines}  return 0;\n}}\n"
        with tempfile.TemporaryDirectory() as folder:
            built = f"{folder}/sizes"
            compiler = [os.environ.get("CC", "cc"), "-x", "c", "-", f"-I{HEADER.parent.parent}", "-o", built]
            subprocess.run(compiler, input=program, text=True, check=True)
            printed = subprocess.run([built], capture_output=True, text=True, check=True).stdout
        self.assertEqual(mine, [int(line) for line in printed.split()])


if __name__ == "__main__":
    unittest.main()
