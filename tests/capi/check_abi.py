#!/usr/bin/env python3
"""The promise of include/zimg/zimg.h, checked.

    check_abi.py symbols HEADER LIST NM LIBRARY   what the header declares, the list has and the library shows are one
    check_abi.py conventions HEADER               each declaration is marked, and each fallible one ends in an error
    check_abi.py enumerators HEADER LIST          none is gone or has another number; the list has all
    check_abi.py diff HEADER DUMP CC WORK         abidiff finds nothing that breaks a program of the last release
    check_abi.py self-test HEADER DUMP CC WORK    plants changes that break programs and fails unless each is caught
    check_abi.py write HEADER FOLDER CC WORK      writes the lists and the dump anew, for a release

The dump is made of a library that is written from the header alone, so that it holds the C API and nothing else and needs
no debug information in zimg's own build. That zimg defines what the header declares, the compiler checks.
"""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import read_header


def run(*command):
    done = subprocess.run(command, text=True, capture_output=True)
    return done.returncode, done.stdout + done.stderr


def read_list(path):
    return [line for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines() if line]


def symbols(header, listed, nm, library):
    declared = {function.name for function in read_header.functions(header)}
    code, output = run(nm, "--dynamic", "--defined-only", library)
    shown = set(re.findall(r" [A-Z] (zimg_\w+)$", output, re.MULTILINE))
    wrong = [f"{library} could not be read: {output}"] if code else []
    for one, other, sentence in ((declared, listed, "is declared and not in exported_symbols.txt"),
                                 (listed, declared, "is in exported_symbols.txt and not declared"),
                                 (listed, shown, "is in exported_symbols.txt and not shown by the library"),
                                 (shown, listed, "is shown by the library and not in exported_symbols.txt")):
        wrong += [f"{name} {sentence}" for name in sorted(set(one) - set(other))]
    return wrong


def conventions(header):
    text = read_header.without_comments(header)
    wrong = [f"'{line.strip()}' is not marked with its release"
             for line in text.splitlines() if re.match(r"[\w ]+\*? ?\bzimg_\w+\(", line) and "ZIMG_SINCE_" not in line]
    for function in read_header.functions(header):
        names = [parameter.name for parameter in function.parameters]
        if function.result == "zimg_status" and "out_error" not in names and not re.search(r"_status$", function.name):
            wrong.append(f"{function.name} returns a status and takes no error")
        if "out_error" in names and (names[-1] != "out_error" or function.result != "zimg_status"):
            wrong.append(f"{function.name} takes an error that is not its last argument, or returns no status")
        if function.name.endswith("_destroy") and (function.result != "void" or len(names) != 1):
            wrong.append(f"{function.name} is no function of one handle that returns nothing")
        owned = re.fullmatch(r"(zimg_\w+)\*\*", function.parameters[-2].type) if len(names) > 1 else None
        if owned and f"{owned[1]}_destroy(" not in text:
            wrong.append(f"{function.name} gives a {owned[1]}, which nothing destroys")
    return wrong


def enumerators(header, listed):
    now = [f"{name} {number}" for name, number in read_header.enumerators(header).items()]
    return ([f"{line} is gone" for line in listed if line not in now] +
            [f"{line} is not in enumerators.txt" for line in now if line not in listed])


def build(header, compiler, work):
    """A library with a body for everything that `header` declares, and debug information."""
    folder = pathlib.Path(work)
    (folder / "zimg").mkdir(parents=True, exist_ok=True)
    (folder / "zimg" / "zimg.h").write_text(header, encoding="utf-8")
    body = '#include "zimg/zimg.h"\n'
    for match in re.finditer(r"^ZIMG_SINCE_\w+ ([^;{]*);", read_header.without_comments(header), re.MULTILINE):
        result = "" if match[1].startswith("void ") else " return 0; "
        body += f"{match[1]} {{{result}}}\n"
    (folder / "zimg.c").write_text(body, encoding="utf-8")
    library = folder / "libzimg_header.so"
    code, output = run(compiler, "-std=c99", "-g", "-gdwarf-4", "-O0", "-w", "-shared", "-fPIC", f"-I{folder}",
                       f"-ffile-prefix-map={folder}=.", "-o", str(library), str(folder / "zimg.c"))
    if code:
        raise SystemExit(f"the header's own library does not build:\n{output}")
    return library


def dump(header, compiler, work, out):
    code, output = run("abidw", "--no-comp-dir-path", "--no-corpus-path", "--no-show-locs", "--type-id-style", "hash",
                       "--out-file", str(out), str(build(header, compiler, work)))
    if code:
        raise SystemExit(f"abidw failed:\n{output}")


def diff(header, old, compiler, work):
    """What abidiff says against the committed dump; added functions are no news."""
    new = pathlib.Path(work) / "now.abi"
    dump(header, compiler, work, new)
    code, output = run("abidiff", "--no-added-syms", str(old), str(new))
    return [] if code == 0 else [output.strip() or f"abidiff answered {code}"]


# What breaks a program: a pattern of the header and what takes its place; and what does not.
BREAKING = [
    (r"^ZIMG_SINCE_0_1 uint32_t zimg_result_width\(.*?;\n", ""),  # a removal
    (r"uint32_t zimg_result_height\(", "uint64_t zimg_result_height("),  # another result
    (r"(zimg_request_set_steps\(zimg_request\* request, )uint32_t", r"\1uint64_t"),  # another argument
    (r"(zimg_request_set_steps\(zimg_request\* request, uint32_t steps), ", r"\1, int more, "),  # one more
    (r"  size_t struct_size; /\* sizeof\(zimg_cache_vtable\) \*/", "  int flags;\n  size_t struct_size;"),  # a shift
    (r"(zimg_status \(\*erase\)\(void\* user_data, )", r"\1int more, "),  # a function of a vtable
    (r"uint8_t bytes\[32\]", "uint8_t bytes[64]"),
    (r"typedef int32_t zimg_status;", "typedef int64_t zimg_status;"),
]
HARMLESS = [
    (r"^#ifdef __cplusplus\n}", "ZIMG_SINCE_0_1 int zimg_request_more(const zimg_request* request);\n#ifdef __cplusplus\n}"),
    (r"Whether|The pixels of a PNG", "The pixels, that is, of a PNG"),
]


def self_test(header, old, compiler, work):
    wrong = []
    for cases, breaks in ((BREAKING, True), (HARMLESS, False)):
        for pattern, replacement in cases:
            planted, times = re.subn(pattern, replacement, header, count=1, flags=re.MULTILINE | re.DOTALL)
            if times == 0 or planted == header:
                wrong.append(f"nothing fits {pattern}: the self-test is older than the header")
            elif bool(diff(planted, old, compiler, work)) != breaks:
                wrong.append(f"{pattern} -> {replacement!r} was {'not caught' if breaks else 'taken for a breach'}")
    renamed = header.replace("ZIMG_STATUS_IO = 7", "ZIMG_STATUS_IO = 70")
    listed = [f"{name} {number}" for name, number in read_header.enumerators(header).items()]
    if not enumerators(renamed, listed):
        wrong.append("another number of ZIMG_STATUS_IO was not caught")
    for planted in ("zimg_status zimg_text_more(void);", "ZIMG_SINCE_0_1 zimg_status zimg_text_more(int x);",
                    "ZIMG_SINCE_0_1 int zimg_text_destroy(zimg_text* text);"):
        if not conventions(header + planted + "\n"):
            wrong.append(f"{planted} was not caught")
    return wrong


def write(header, folder, compiler, work):
    folder = pathlib.Path(folder)
    names = sorted(function.name for function in read_header.functions(header))
    (folder / "exported_symbols.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
    lines = [f"{name} {number}" for name, number in read_header.enumerators(header).items()]
    (folder / "enumerators.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    dump(header, compiler, work, folder / "zimg.abi")
    return []


def main(arguments):
    what, path, *rest = arguments
    header = pathlib.Path(path).read_text(encoding="utf-8")
    if what == "symbols":
        wrong = symbols(header, read_list(rest[0]), *rest[1:])
    elif what == "conventions":
        wrong = conventions(header)
    elif what == "enumerators":
        wrong = enumerators(header, read_list(rest[0]))
    else:
        wrong = {"diff": diff, "self-test": self_test, "write": write}[what](header, *rest)
    print("\n".join(wrong) if wrong else f"{what}: nothing wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
