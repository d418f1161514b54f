"""Zimg/Raw is the header, include/zimg/zimg.h: every function with its arity and types, for DllImport and for
LibraryImport, every constant, every callback, every struct."""

import os
import pathlib
import re
import sys
import unittest

HEADER = pathlib.Path(os.environ["ZIMG_HEADER"]).read_text(encoding="utf-8")
sys.path.insert(0, os.environ["ZIMG_HEADER_READER"])
import read_header  # noqa: E402

RAW = pathlib.Path(__file__).resolve().parent / "Zimg" / "Raw"
PLAIN = read_header.without_comments(HEADER)
ENUMERATIONS = set(re.findall(r"typedef int32_t (zimg_\w+);", PLAIN))
CALLBACKS = {
    name: (result.strip(), [read_header.read_parameter(part) for part in read_header.split_parameters(parameters)])
    for result, name, parameters in re.findall(r"typedef ([\w ]+?) \(\*(zimg_\w+)\)\((.*?)\);", PLAIN, re.DOTALL)
}
NUMBERS = {"uint16_t": "ushort", "uint32_t": "uint", "uint64_t": "ulong", "int32_t": "int", "int64_t": "long", "int": "int",
           "size_t": "UIntPtr", "double": "double", "float": "float", "void": "void"}
FUNCTION = re.compile(r"internal static (?:extern|partial) ([\w*]+) (zimg_\w+)\((.*?)\);", re.DOTALL)


def expected(kind):
    """What C# type stands for the C type `kind`. Handles and functions are IntPtr."""
    if kind in ENUMERATIONS:
        return "int"
    if kind in NUMBERS:
        return NUMBERS[kind]
    if kind in CALLBACKS or "(*)" in kind:
        return "IntPtr"
    inner = kind.removeprefix("const ").removesuffix("*")
    named = {"zimg_key": "Key*", "zimg_cache_vtable": "CacheTable*", "zimg_pipeline_vtable": "PipelineTable*",
             "float": "float*", "char": "byte*", "uint8_t": "byte*"}
    if inner in named:
        return named[inner]
    if kind == "const void*":
        return "byte*"
    if kind.endswith("**") or kind.endswith("* const*"):
        return "IntPtr*"
    if inner in ENUMERATIONS:
        return "int*"
    if inner in NUMBERS and inner != "void":
        return NUMBERS[inner] + "*"
    assert kind.endswith("*"), kind
    return "IntPtr"


def declared(text):
    """Functions by name: the result, and the types and names of the parameters."""
    found = {}
    for result, name, parameters in FUNCTION.findall(text):
        assert name not in found, name
        found[name] = (result, parameters_of(parameters))
    return found


def parameters_of(text):
    listed = [part.split() for part in " ".join(text.split()).split(", ")] if text.strip() else []
    return [(kind, name.removeprefix("@")) for kind, name in listed]


# Functions whose work C# does in another way.
ELSEWHERE = {
    "zimg_status_name", "zimg_outcome_name", "zimg_stored_name", "zimg_trace_kind_name", "zimg_prewarm_end_name",  # enums
    "zimg_error_status",  # the call's own status
    "zimg_cancel_token_is_cancelled",  # CancellationToken
    "zimg_request_clone", "zimg_entry_clone",  # plain objects
    "zimg_cache_store",  # StoreAll() of one
}


class RawTest(unittest.TestCase):
    def test_the_library_uses_each_function(self):
        text = "".join(path.read_text(encoding="utf-8") for path in RAW.parent.rglob("*.cs"))
        used = set(re.findall(r"\bNative\.(zimg_\w+)", text))
        unused = {function.name for function in read_header.functions(HEADER)} - used
        self.assertEqual(unused, ELSEWHERE)

    def check_functions(self, file, marked):
        text = (RAW / file).read_text(encoding="utf-8")
        mine = declared(text)
        functions = read_header.functions(HEADER)
        self.assertGreater(len(functions), 300)
        self.assertEqual(sorted(mine), sorted(function.name for function in functions))
        self.assertEqual(text.count(marked), len(functions))
        for function in functions:
            with self.subTest(function.name):
                wanted = [(expected(p.type), p.name) for p in function.parameters]
                self.assertEqual(mine[function.name], (expected(function.result), wanted))

    def test_imports_each_function_as_the_header_declares_it(self):
        self.check_functions("Native.cs", "[DllImport(Library)]")

    def test_imports_each_function_for_the_source_generator_as_well(self):
        self.check_functions("Native.Net8.cs", "[LibraryImport(Library)]")

    def test_has_the_version_and_name_of_the_header(self):
        text = (RAW / "Native.cs").read_text(encoding="utf-8")
        major = re.search(r"#define ZIMG_ABI_MAJOR (\d+)", HEADER)[1]
        self.assertIn(f"AbiMajor = {major};", text)
        self.assertIn(f"AbiMinor = {re.search(r'#define ZIMG_ABI_MINOR ([0-9]+)', HEADER)[1]};", text)
        self.assertIn(f'"libzimg.so.{major}"', text)

    def test_has_the_enumerators_of_the_header_and_no_other(self):
        text = (RAW.parent / "Enums.cs").read_text(encoding="utf-8")
        mine = {}
        for name, body in re.findall(r"public enum (\w+)\s*\{(.*?)\}", text, re.DOTALL):
            for member, number in re.findall(r"(\w+) = (\d+)", body):
                mine[f"{name}.{member}"] = int(number)
        camel = {}
        for enumerator, number in read_header.enumerators(HEADER).items():
            owner = max((e for e in ENUMERATIONS if enumerator.startswith(e.upper() + "_")), key=len)
            member = enumerator[len(owner) + 1:]
            parts = ["".join(word.capitalize() for word in text.split("_"))
                     for text in (owner.removeprefix("zimg_"), member)]
            camel[".".join(parts)] = number
        self.assertEqual(mine, camel)

    def test_declares_callbacks_as_the_header_does(self):
        text = (RAW / "Tables.cs").read_text(encoding="utf-8")
        delegates = {name: (result, parameters_of(parameters)) for result, name, parameters in re.findall(
            r"internal (?:unsafe )?delegate ([\w*]+) (\w+)\((.*?)\);", text, re.DOTALL)}
        wanted = {"ReleaseFunction": ("void", [("IntPtr", "user_data")])}
        for name, (result, parameters) in CALLBACKS.items():
            words = name.removeprefix("zimg_").split("_")
            wanted["".join(word.capitalize() for word in words)] = (result, parameters)
        for table in ("zimg_cache_vtable", "zimg_pipeline_vtable"):
            for result, name, parameters in self.members(table):
                if name != "release":
                    wanted[name.capitalize() + "Function"] = (result, parameters)
        self.assertEqual(sorted(delegates), sorted(wanted))
        for name, (result, parameters) in wanted.items():
            with self.subTest(name):
                listed = [(expected(p.type), p.name) if not isinstance(p, tuple) or hasattr(p, "type") else p
                          for p in parameters]
                self.assertEqual(delegates[name], (expected(result), listed))
        self.assertEqual(text.count("[UnmanagedFunctionPointer(CallingConvention.Cdecl)]"), len(delegates))

    @staticmethod
    def members(table):
        body = re.search(rf"typedef struct {table} \{{(.*?)\}} {table};", PLAIN, re.DOTALL)[1]
        return [(result, name, [read_header.read_parameter(p) for p in read_header.split_parameters(parameters)])
                for result, name, parameters in re.findall(r"(\w+) \(\*(\w+)\)\((.*?)\);", body, re.DOTALL)]

    def test_lays_the_tables_out_as_the_header_does(self):
        text = (RAW / "Tables.cs").read_text(encoding="utf-8")
        for struct, table in (("CacheTable", "zimg_cache_vtable"), ("PipelineTable", "zimg_pipeline_vtable")):
            body = re.search(rf"LayoutKind\.Sequential\)\]\s*internal struct {struct}\s*\{{(.*?)\}}", text, re.DOTALL)[1]
            fields = re.findall(r"internal (\w+) (\w+);", body)
            self.assertEqual(fields, [("UIntPtr", "struct_size"), *(("IntPtr", name) for _, name, _ in self.members(table))])
        self.assertRegex(text, r"internal unsafe struct Key\s*\{\s*internal fixed byte bytes\[32\];\s*\}")
        self.assertIn("uint8_t bytes[32];", PLAIN)


if __name__ == "__main__":
    unittest.main()
