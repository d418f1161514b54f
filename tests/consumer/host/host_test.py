"""A host with libraries of its own under the names of those that zimg uses: zimg uses its own all the same.

    host_test.py CC SOURCE LIBZIMG

The other library is made of every function that libzimg asks of another library but the runtimes of C and C++. Each of
them ends the process and says its name, so that one wrong call is seen.
"""
import os
import subprocess
import sys
import tempfile
import unittest

CC, SOURCE, LIBRARY = sys.argv[1:4]
RUNTIME = ("libc.so", "libm.so", "libstdc++.so", "libgcc_s.so", "ld-linux", "linux-vdso", "libdl.so", "libpthread.so")


def run(*command, **settings):
    return subprocess.run(command, check=True, capture_output=True, text=True, **settings).stdout


def names(*arguments):
    lines = run("nm", "-D", *arguments).splitlines()
    return {line.split()[-1].split("@")[0] for line in lines if line.strip()}


def foreign_functions():
    """What libzimg calls in the libraries that it is linked with."""
    wanted = names("--undefined-only", LIBRARY)
    found = set()
    for line in run("ldd", LIBRARY).splitlines():
        parts = line.split()
        if len(parts) >= 3 and parts[1] == "=>" and not parts[0].startswith(RUNTIME):
            found |= wanted & names("--defined-only", parts[2])
    return sorted(found)


class HostTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="zimg-host-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.functions = foreign_functions()
        source = cls.path("other.c")
        with open(source, "w", encoding="utf-8") as file:
            file.write("#include <unistd.h>\n#include <string.h>\nstatic void end(const char* name) {\n"
                       "  write(2, name, strlen(name)); write(2, \" of the host was called\\n\", 24); _exit(3); }\n")
            file.write("".join(f"void {name}(void) {{ end(\"{name}\"); }}\n" for name in cls.functions))
        flags = ["-w", "-fno-builtin"]
        run(CC, *flags, "-shared", "-fPIC", "-o", cls.path("libother.so"), source)
        run(CC, *flags, "-c", "-o", cls.path("shown.o"), source)
        run(CC, *flags, "-c", "-fvisibility=hidden", "-o", cls.path("hidden.o"), source)

        library_folder = os.path.dirname(LIBRARY)
        host = [CC, "-Wall", "-Wextra", "-Werror", f"-I{SOURCE}/include", f"{SOURCE}/tests/consumer/host/host.c"]
        linked = ["-Wl,--no-as-needed", f"-L{library_folder}", "-lzimg", f"-Wl,-rpath,{library_folder}"]
        run(*host, "-o", cls.path("opens"))
        run(*host, "-o", cls.path("opens_and_shows"), cls.path("shown.o"), "-rdynamic")
        run(*host, "-o", cls.path("linked"), *linked)
        run(*host, "-o", cls.path("linked_and_hides"), cls.path("hidden.o"), *linked)
        run(*host, "-o", cls.path("linked_and_shows"), cls.path("shown.o"), "-rdynamic", *linked)

    @classmethod
    def path(cls, *parts):
        return os.path.join(cls.folder, *parts)

    def host(self, program, zimg, deep, other, scope):
        with tempfile.TemporaryDirectory(dir=self.folder) as store:
            done = subprocess.run([self.path(program), zimg, deep, other, scope, store + "/store"],
                                  capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def works(self, *arguments):
        self.assertEqual(self.host(*arguments), (0, "drawn, found and converted\n"), arguments)

    def fails(self, *arguments):
        code, output = self.host(*arguments)
        self.assertEqual(code, 3, output)
        self.assertRegex(output, "of the host was called")

    def test_the_names_are_those_of_the_libraries(self):
        for name in ("mdb_env_open", "png_create_write_struct", "EVP_DigestUpdate", "tjCompress2", "inflate",
                     "XXH3_64bits"):
            self.assertTrue(any(function.startswith(name) for function in self.functions), (name, self.functions))

    def test_zimg_is_linked_and_the_host_opens_another_library(self):
        for scope in ("local", "global"):
            self.works("linked", "linked", "plain", self.path("libother.so"), scope)

    def test_zimg_is_linked_and_the_host_has_copies_that_it_hides(self):
        self.works("linked_and_hides", "linked", "plain", "none", "local")

    def test_zimg_is_opened_after_another_library(self):
        self.works("opens", LIBRARY, "plain", self.path("libother.so"), "local")
        self.works("opens", LIBRARY, "deep", self.path("libother.so"), "global")

    def test_zimg_is_opened_by_a_host_that_shows_its_own(self):
        self.works("opens_and_shows", LIBRARY, "deep", "none", "local")

    def test_what_docs_embedding_says_does_not_work(self):
        # These also show that the functions would be called where they can be.
        self.fails("linked_and_shows", "linked", "plain", "none", "local")
        self.fails("opens_and_shows", LIBRARY, "plain", "none", "local")
        self.fails("opens", LIBRARY, "plain", self.path("libother.so"), "global")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
