#!/usr/bin/env python3
"""write_null_calls.py HEADER OUT: writes calls of every function of the C API with NULL, for null_arguments_test.cpp.

Twice: with NULL and 0 for everything; and, for each fallible function, with one pointer NULL and everything else sound,
for each pointer that must not be NULL. OPTIONAL is what the header says may be.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import read_header

# Pointers that may be NULL: by name everywhere, or of one function.
OPTIONAL = {
    "out_error", "user_data", "release", "on_progress", "on_refused", "on_hashing", "on_event", "on_warning", "now_ms",
    "on_done", "out_is_done", "out_was_there", "out_erased",
    "zimg_cache_open.policy", "zimg_cache_make_memory.policy", "zimg_cache_pin.out_is_there", "zimg_locate_engine.options",
    "zimg_generator_create.cache", "zimg_bundle_export.filter", "zimg_drawing_report_progress.preview",
    "zimg_tokenizer_encode.out_ids",
}
# Functions whose pointers are all text, which may be empty, and callbacks.
ALL_OPTIONAL = {"zimg_model_convert"}
# Views that only a callback has.
VIEWS = {"const zimg_progress*", "const zimg_trace_event*", "const zimg_drawing*"}


def is_pointer(parameter):
    return parameter.type.endswith("*") or parameter.type.endswith("_function") or "(*)" in parameter.type


def sound(parameter):
    """An expression for a sound argument: see null_arguments_test.cpp."""
    if parameter.name == "out_error":
        return "error.out()"
    if parameter.name in ("user_data",):
        return "nullptr"
    if is_pointer(parameter):
        return f"sound<{cpp_type(parameter)}>()"
    return f"{parameter.type}{{1}}"


def cpp_type(parameter):
    return parameter.type.replace("(*)(void* user_data)", "(*)(void*)")


def nothing(parameter):
    return "nullptr" if is_pointer(parameter) else f"{parameter.type}{{}}"


def main(header, out):
    functions = read_header.functions(pathlib.Path(header).read_text(encoding="utf-8"))
    lines = []
    for function in functions:
        arguments = [nothing(p) for p in function.parameters]
        if function.is_fallible and function.name not in ALL_OPTIONAL:
            with_error = ", ".join([*arguments[:-1], "error.out()"])
            lines.append(f'REFUSES_NOTHING({function.name}, ({", ".join(arguments)}), ({with_error}))')
        else:
            lines.append(f'SURVIVES({function.name}, ({", ".join(arguments)}))')
        if not function.is_fallible or any(p.type in VIEWS for p in function.parameters):
            continue
        for missing in function.parameters:
            if not is_pointer(missing) or {missing.name, f"{function.name}.{missing.name}"} & OPTIONAL:
                continue
            arguments = ["nullptr" if p is missing else sound(p) for p in function.parameters]
            lines.append(f'NAMES({function.name}, "{missing.name}", ({", ".join(arguments)}))')
    pathlib.Path(out).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0 if len(functions) > 300 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
