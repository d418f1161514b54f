"""Wrong use: one clear sentence and an exit code, whatever was wrong, and no file written."""
import os
import shutil
import subprocess

from program import PROGRAM, ProgramTest, main, needs_engine


class WrongUse(ProgramTest):
    def test_of_the_command_line(self):
        for words, arguments in (
                ("A subcommand is required", []),
                ("'sing' is no command: draw, key", ["sing"]),
                ("'sing' is no command: stats, list", ["cache", "sing"]),
                ("--output", ["draw", "a"]),
                ("--loud", ["draw", "a", "-o", "x.png", "--loud"]),
                ("one of a prompt and --from", ["draw", "-o", "x.png"]),
                ("another", ["draw", "a", "another", "-o", "x.png"]),
                ("--size is '0x'", ["draw", "a", "-o", "x.png", "--size", "0x"]),
                ("--size is '-16x16'", ["draw", "a", "-o", "x.png", "--size=-16x16"]),
                ("--size is '64'", ["draw", "a", "-o", "x.png", "--size", "64"]),
                ("--size is '64x64x3'", ["draw", "a", "-o", "x.png", "--size", "64x64x3"]),
                ("--size is '99999999999x16'", ["draw", "a", "-o", "x.png", "--size", "99999999999x16"]),
                ("--seed is '-1'", ["draw", "a", "-o", "x.png", "--seed", "-1"]),
                ("--seed is '1.5'", ["draw", "a", "-o", "x.png", "--seed", "1.5"]),
                ("--seed is '18446744073709551616'", ["draw", "a", "-o", "x.png", "--seed", "18446744073709551616"]),
                ("--steps", ["draw", "a", "-o", "x.png", "--steps", "-1"]),
                ("--steps", ["draw", "a", "-o", "x.png", "--steps", "many"]),
                ("--ttl-jitter is '1e999' where 0 or a number from 4.9e-324 to 1.8e308",
                 ["draw", "a", "-o", "x.png", "--ttl-jitter", "1e999"]),
                ("--ttl-jitter is 'much' where a number is expected", ["draw", "a", "-o", "x.png", "--ttl-jitter", "much"]),
                ("--count is '0' where a whole number from 1 to 100000 is expected",
                 ["draw", "a", "-o", "x.png", "--count", "0"]),
                ("--quality is '5000' where a whole number from 1 to 100 is expected",
                 ["draw", "a", "-o", "x.jpg", "--quality", "5000"]),
                ("--quality is '0' where a whole number from 1 to 100 is expected",
                 ["draw", "a", "-o", "x.png", "--quality", "0"]),
                ("--trace-prompts goes with --trace", ["draw", "a", "-o", "x.png", "--trace-prompts"]),
                ("--format is 'gif'", ["draw", "a", "-o", "x.png", "--format", "gif"]),
                ("--match is 'vague'", ["draw", "a", "-o", "x.png", "--match", "vague"]),
                ("--schedule is 'karras'", ["draw", "a", "-o", "x.png", "--schedule", "karras"]),
                ("--device (or ZIMG_DEVICE) is 'tpu'", ["draw", "a", "-o", "x.png", "--device", "tpu"]),
                ("--dtype is 'int4'", ["draw", "a", "-o", "x.png", "--dtype", "int4"]),
                ("--fingerprint is 'loose'", ["draw", "a", "-o", "x.png", "--fingerprint", "loose"]),
                ("ftp", ["draw", "a", "-o", "x.png", "--cache", "ftp://x"]),
                ("at most one of --no-cache", ["draw", "a", "-o", "x.png", "--no-store", "--refresh"]),
                ("contradict", ["draw", "a", "-o", "x.png", "--no-cache", "--require-cache"]),
                ("--ttl is '0s'", ["draw", "a", "-o", "x.png", "--ttl", "0s"]),
                ("--ttl is '-1h'", ["draw", "a", "-o", "x.png", "--ttl=-1h"]),
                ("--ttl is '24'", ["draw", "a", "-o", "x.png", "--ttl", "24"]),
                ("--ttl is '9223372036854775807d'", ["draw", "a", "-o", "x.png", "--ttl", "9223372036854775807d"]),
                ("--keep is 'all'", ["draw", "a", "-o", "x.png", "--keep", "all"]),
                ("encrypt=1", ["draw", "a", "-o", "x.png", "--cache", "lmdb:x?encrypt=1"]),
                ("limit is of no namespace", ["draw", "a", "-o", "x.png", "--cache", "lmdb:x?limit=a/b:1MiB"]),
                ("ttl is '-1h'", ["draw", "a", "-o", "x.png", "--cache", "lmdb:x?ttl=-1h"]),
                ("needle", ["draw", "a", "-o", "x.png", "--cache", "lmdb:/x?needle=1"]),
                ("--tokens", ["inspect", "--tokens", "a", "--tokens-from", "b"]),
                ("--dtype is 'int8'", ["convert", "a", "b", "--dtype", "int8"]),
                ("OUT", ["convert", "a"]),
                ("A subcommand is required", ["cache"]),
                ("64 hexadecimal digits", ["cache", "get", "abc", "-o", "x.png"]),
                ("keys, --namespace", ["cache", "purge"]),
                ("none:", ["cache", "stats", "--cache", "none:"]),
                ("'--ouput' is no option", ["draw", "a", "--ouput", "x.png"]),
                ("'--sed' is no option", ["key", "a", "--sed", "7"]),
                ("'--verion' is no option", ["--verion"]),
                ("'c' is one argument too many", ["convert", "a", "b", "c"]),
                ("the output is '-'", ["draw", "a", "-o", "-"]),
                ("the output is '-'", ["cache", "export", "-"]),
                ("begins with '~'", ["draw", "a", "-o", "x.png", "--cache", "lmdb:~/pictures"]),
                ("--seed is random", ["bench", "hit", "--seed", "random"]),
                ("--seed is random", ["bench", "draw", "--seed", "random"]),
                ("--rounds", ["bench", "hit", "--rounds", "0"])):
            self.refuse(2, words, *arguments)
        self.assertEqual(self.files(), [])

    def test_of_options_whose_value_is_a_variable_that_is_not_set(self):
        for name in ("--secret-file", "--size", "--schedule", "--seed", "--match", "--synonyms", "--namespace", "--model", "--dtype",
                     "--device", "--fingerprint", "--cache", "--preset", "--ttl", "--tag", "--keep", "--trace", "--from", "--format",
                     "--keywords"):
            self.refuse(2, f"{name} is empty", "draw", "a", "-o", "x.png", name, "")
        self.refuse(2, "--secret-file is empty", "key", "a", "--namespace", "mine", "--secret-file", "")
        self.refuse(2, "PATH is empty", "inspect", "")
        self.refuse(2, "FILE is empty", "prewarm", "")
        self.assertEqual(self.files(), [])

    @needs_engine  # whose libtorch is a part of the key
    def test_of_variables_of_the_environment_that_are_empty(self):
        self.succeed("key", "", "--negative", "", environment={"ZIMG_CACHE": "", "ZIMG_MODEL": "", "ZIMG_DEVICE": ""})

    def test_of_a_store_that_is_not_there(self):
        for command in (["stats"], ["list"], ["verify"], ["verify", "--rebuild"], ["compact"], ["export", "all.zcb"], ["purge", "--all"],
                        ["resize", "1GiB"]):
            self.refuse(1, "'nowhere' holds no store", "cache", *command, "--cache", "lmdb:nowhere")
        self.assertEqual(self.files(), [])
        self.succeed("cache", "stats")  # where pictures usually are, there may be none yet

    @needs_engine
    def test_of_a_caller_that_closed_the_standard_streams(self):
        missing = ["draw", "a", "-o", "x.png", "--only-if-cached", "--size", "64x64"]
        for closed, command, code in (("<&-", missing, 3), ("2>&-", missing, 3), (">&-", ["cache", "stats", "--json"], 1)):
            done = subprocess.run(["sh", "-c", f'"$0" "$@" --cache lmdb:store {closed}', PROGRAM, *command], cwd=self.work,
                                  env=self.environment, capture_output=True)
            self.assertEqual(done.returncode, code, closed)
            for name in os.listdir(self.path("work", "store")):
                if name.endswith(".lock"):
                    with open(self.path("work", "store", name), "rb") as file:
                        printed = file.read()
                    self.assertFalse(b"zimg:" in printed or b"entries" in printed, (closed, name))

    def test_of_environment_variables(self):
        self.refuse(2, "tpu", "draw", "a", "-o", "x.png", environment={"ZIMG_DEVICE": "tpu"})
        self.refuse(2, "ftp", "draw", "a", "-o", "x.png", environment={"ZIMG_CACHE": "ftp://x"})

    def test_of_values_that_the_library_refuses(self):
        for words, options in (("100", ["--size", "100x64"]), ("0", ["--size", "0x64"]), ("100000", ["--size", "100000x64"]),
                               ("steps", ["--steps", "0"]), ("steps", ["--steps", "1001"]),
                               ("guidance", ["--guidance", "nan"]), ("guidance", ["--guidance", "-1"]),
                               ("guidance", ["--guidance", "1e9"]), ("quality", ["--quality", "0", "--format", "jpeg"]),
                               ("time to live", ["--ttl", "36526d"]), ("jitter", ["--ttl-jitter", "1"]),
                               ("tag", ["--tag", "x" * 256]),
                               ("random", ["--only-if-cached", "--seed", "random"]),
                               ("namespace", ["--namespace", "a b"])):
            self.refuse(2, words, "draw", "a", "-o", "x.png", *options)
        self.assertEqual(self.files(), [])

    def test_is_told_before_what_the_built_in_model_knows(self):
        self.assertNotIn("built-in", self.refuse(2, "the width is 65 pixels", "draw", "a", "-o", "x.png", "--size", "65x64"))

    def test_of_prompts(self):
        self.refuse(2, "UTF-8", "draw", b"a \xff", "-o", "x.png")
        self.write("list", '{"prompt": "' + "a" * (1 << 20) + 'b"}')
        self.refuse(2, "line 1", "draw", "--from", "list", "-o", "out")

    def test_of_a_prompt_with_NUL(self):
        self.write("list", '{"prompt": "a \\u0000 b"}')
        self.refuse(2, "NUL", "draw", "--from", "list", "-o", "out")

    def test_of_outputs(self):
        os.mkdir(os.path.join(self.work, "folder"))
        os.mkfifo(os.path.join(self.work, "pipe"))
        self.refuse(1, "'folder' is a folder", "draw", "a", "-o", "folder")
        self.refuse(1, "'missing'", "draw", "a", "-o", "missing/x.png")
        self.refuse(1, "not a regular file", "draw", "a", "-o", "pipe")
        self.refuse(1, "not a regular file", "draw", "a", "-o", "/dev/null")
        for name in ("x.gif", "X.WEBP", "x.ppm", "x.PDF", "x.svg", "x.ico", "x.psd", "x.tga", "x.heif", "x.csv", "x.safetensors"):
            self.refuse(2, name[1:].lower() + " where .png, .jpg or .jpeg is expected", "draw", "a", "-o", name)
        self.assertEqual(self.files(), ["folder", "pipe"])

    def test_of_outputs_that_are_no_names_to_number(self):
        os.mkdir(os.path.join(self.work, "folder"))
        for name in ("folder", "folder/", ".", "..", "folder/.."):
            for count in ([], ["--count", "2"]):
                self.refuse(1, f"'{name}' is a folder where a file is expected", "draw", "a", "-o", name, *count)
        self.refuse(1, "'missing'", "draw", "a", "-o", "missing/", "--count", "2")
        self.refuse(2, "the output is '-'", "draw", "a", "-o", "-", "--count", "2")
        self.assertEqual((self.files(), self.files("folder")), (["folder"], []))

    def test_of_a_trace_that_nobody_reads(self):
        os.mkfifo(os.path.join(self.work, "pipe"))
        self.refuse(1, "the trace file 'pipe' is a pipe that nobody reads", "draw", "a", "-o", "x.png", "--trace", "pipe")
        self.assertEqual(self.files(), ["pipe"])

    def test_of_a_name_is_told_on_one_line(self):
        self.refuse(1, "missing\\x0azimg: done", "inspect", "missing\nzimg: done")
        self.refuse(2, "--size is '1\\x0azimg: done'", "draw", "a", "-o", "x.png", "--size", "1\nzimg: done")

    def fails_where_no_file_may_grow(self, *arguments):
        command = ["sh", "-c", 'ulimit -f 0; exec "$0" "$@"', PROGRAM, *arguments]
        done = subprocess.run(command, cwd=self.work, env=self.environment, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"File too large", done.stderr)
        self.assertEqual(self.files(), [])

    def test_a_limit_on_the_size_of_files_is_a_failure_that_leaves_nothing(self):
        self.succeed("cache", "stats")
        self.fails_where_no_file_may_grow("cache", "export", "b.zimg")

    @needs_engine
    def test_a_picture_that_cannot_be_written_is_a_failure_that_leaves_nothing(self):
        self.fails_where_no_file_may_grow("draw", "a red circle", "-o", "x.png", "--no-cache")

    def test_of_a_required_cache(self):
        self.write("file", "x")
        self.refuse(1, "file", "draw", "a", "-o", "x.png", "--require-cache", "--cache", "lmdb:file")
        self.refuse(1, "missing", "draw", "a", "-o", "x.png", "--trace", "missing/trace")
        self.assertEqual(self.files(), ["file"])

    # What a cache URL may lead to, and a word of what is said of it.
    def unusable_stores(self):
        self.write("file", "x")
        os.mkdir(os.path.join(self.work, "foreign"))
        self.write("foreign/letters", "x")
        os.mkdir(os.path.join(self.work, "lmdb"))
        self.write("lmdb/data.mdb", "somebody's database")
        for name, marker in (("newer", "schema 9\nshape round\n"), ("damaged", "schema 1\nsize 12\n")):
            os.mkdir(os.path.join(self.work, name))
            self.write(name + "/zimg-store", "zimg-store\n" + marker)
            self.write(name + "/data.mdb", "")
        os.mkdir(os.path.join(self.work, "cut"))
        self.write("cut/zimg-store", "zimg-store\nschema 1\nsize 8388608\n")
        self.write("cut/data.mdb", "x" * 5000)
        stores = [("file", "file"), ("file/below", "file"), ("foreign", "did not make"),
                  ("lmdb", "an LMDB database"), ("newer", "made by a newer zimg"), ("damaged", "damaged"),
                  ("cut", "was cut to 5000 bytes"), ("/proc/zimg", "/proc/zimg")]
        if os.geteuid() != 0:  # who may write everywhere
            os.mkdir(os.path.join(self.work, "closed"), 0o500)
            stores.append(("closed/store", "Permission denied"))
        return stores

    # Names and contents of files below the working folder, but for locks, which are taken to look.
    def everything(self):
        return {os.path.join(place, name): open(os.path.join(place, name), "rb").read()
                for place, _, names in os.walk(self.work) for name in names if not name.endswith(".lock")}

    def test_of_caches_that_cannot_be_used(self):
        stores = self.unusable_stores()
        before = self.everything()
        for path, words in stores:
            self.refuse(1, words, "draw", "a", "-o", "x.png", "--require-cache", "--cache", "lmdb:" + path)
            for command in (["stats"], ["list"], ["verify"], ["compact"], ["purge", "--all"]):
                code, _, err = self.run_zimg("cache", *command, "--cache", "lmdb:" + path)
                self.assertEqual(code, 1, (command, path, err))
                self.assertIn("zimg: ", err)
        self.assertEqual(self.everything(), before)

    @needs_engine
    def test_of_caches_that_cannot_be_used_is_a_warning(self):
        for path, words in self.unusable_stores():
            code, _, err = self.run_zimg("draw", "a red circle", "-o", "x.png", "--size", "64x64", "--steps", "1",
                                         "--cache", "lmdb:" + path)
            self.assertEqual(code, 0, err)
            self.assertIn("warning", err)
            self.assertIn(words, err)

    def test_of_namespaces(self):
        for name in ("a b", "a/b", "\u732b", "a\n", "a\x01", "n" * 65, ""):
            self.refuse(2, "namespace", "draw", "a", "-o", "x.png", "--namespace", name)
        self.refuse(2, "namespace", "draw", "a", "-o", "x.png", b"--namespace", b"\xff")
        self.assertEqual(self.files(), [])

    def test_of_models(self):
        os.mkdir(os.path.join(self.work, "empty"))
        self.write("file", "x")
        self.refuse(1, "missing", "draw", "a", "-o", "x.png", "--model", "missing")
        self.refuse(1, "empty", "draw", "a", "-o", "x.png", "--model", "empty")
        self.refuse(1, "file", "draw", "a", "-o", "x.png", "--model", "file")
        self.refuse(1, "cannot open 'missing.png': No such file", "inspect", "missing.png")
        self.refuse(1, "missing", "convert", "missing", "out")
        self.assertEqual(self.files(), ["empty", "file"])

    def test_full_output_is_no_success(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "cache", "stats"], env=self.environment, stdout=full,
                                  stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"standard output", done.stderr)
        for command in (["--help"], ["--version"], ["draw", "--help"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([PROGRAM, *command], stdout=full, stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, 1, command)
            self.assertIn(b"standard output", done.stderr)

    def test_an_output_that_cannot_be_is_refused_before_the_work(self):
        for name, code in (("", 2), ("a" * 300 + ".png", 1)):
            self.refuse(code, "output" if not name else "too long", "draw", "a", "-o", name, "--only-if-cached")
            self.refuse(code, "FILE" if not name else "too long", "cache", "export", name)

    def test_an_empty_output_is_no_name_to_number(self):
        self.write("list", "a\n")
        self.refuse(2, "--output is empty", "draw", "a", "-o", "", "--count", "2")
        self.refuse(2, "--output is empty", "draw", "--from", "list", "-o", "")
        self.assertEqual(self.files(), ["list"])

    def test_a_cache_that_is_required_is_not_none(self):
        self.refuse(2, "required", "draw", "a", "-o", "x.png", "--require-cache", "--cache", "none:")
        self.refuse(2, "none:", "draw", "a", "-o", "x.png", "--require-cache", environment={"ZIMG_CACHE": "none:"})

    @needs_engine
    def test_of_the_engine(self):
        err = self.refuse(1, "/nowhere", "draw", "a", "-o", "x.png", environment={"ZIMG_TORCH": "/nowhere"})
        self.assertNotIn("internal", err)

    @needs_engine
    def test_of_an_installation_without_the_engine(self):
        libraries = os.path.join(os.path.dirname(os.path.dirname(PROGRAM)), "lib")
        os.mkdir(self.path("lib"))
        for name in os.listdir(libraries):
            if name.startswith("libzimg.so"):
                shutil.copy(os.path.join(libraries, name), self.path("lib", name))
        alone = {"LD_LIBRARY_PATH": self.path("lib")}
        self.refuse(1, "libzimg_torch.so, which draws, is in none of", "draw", "a", "-o", "x.png", environment=alone)
        with open(self.path("lib", "libzimg_torch.so"), "w") as file:
            file.write("half an engine")
        self.refuse(1, self.path("lib", "libzimg_torch.so"), "draw", "a", "-o", "x.png", environment=alone)
        self.assertEqual(self.files(), [])


class Help(ProgramTest):
    def test_teaches_every_command(self):
        for command in ([], ["draw"], ["key"], ["inspect"], ["convert"], ["cache"], ["cache", "get"], ["bench"],
                        ["bench", "hit"], ["bench", "draw"]):
            out = self.succeed(*command, "--help")
            self.assertIn("zimg", out)
            self.assertTrue(all(len(line) <= 132 for line in out.splitlines()), command)
        self.assertIn("Examples:", self.succeed("--help"))
        self.assertRegex(self.succeed("--version"), r"^zimg \d+\.\d+\.\d+")


if __name__ == "__main__":
    main()
