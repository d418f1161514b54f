"""zimg cache, key and bench."""
import errno
import fcntl
import json
import os
import random
import shutil
import subprocess
import time

from program import PROGRAM, QUICK, ProgramTest, main, needs_engine, sha256

ABSENT = "0" * 64


class EmptyCache(ProgramTest):
    def test_says_that_it_is_empty(self):
        self.assertEqual(json.loads(self.succeed("cache", "stats", "--json"))["entries"], 0)
        self.assertIn("pictures  0", self.succeed("cache", "stats"))
        self.assertIn("saved     0 s of drawing", self.succeed("cache", "stats"))
        self.assertEqual(json.loads(self.succeed("cache", "stats", "--json"))["namespaces"], [])
        self.assertEqual(self.succeed("cache", "list"), "")
        self.assertEqual(json.loads(self.succeed("cache", "verify", "--json"))["entries"], 0)
        self.assertEqual(self.succeed("cache", "purge", "--all"), "0 erased\n")
        self.refuse(1, ABSENT, "cache", "get", ABSENT, "-o", "x.png")
        self.assertEqual(self.files(), [])

    def test_can_be_exported_imported_compacted_and_resized(self):
        self.assertEqual(self.succeed("cache", "stats", "--json").count('"entries":0'), 1)
        told = json.loads(self.succeed("cache", "export", "all.zimg", "--json"))
        self.assertEqual((told["entries"], told["left_out"]), (0, 0))
        self.assertEqual(self.succeed("cache", "import", "all.zimg"), "0 pictures, 0 bytes; 0 refused\n")
        self.assertEqual(json.loads(self.succeed("cache", "compact", "--json"))["lost"], 0)
        self.assertEqual(json.loads(self.succeed("cache", "verify", "--rebuild", "--json"))["entries"], 0)
        told = json.loads(self.succeed("cache", "resize", str((8 << 20) + 5), "--json"))
        self.assertEqual(told["capacity_bytes"], 8 << 20)  # as it is, not as it was asked for
        self.assertEqual(json.loads(self.succeed("cache", "stats", "--json"))["capacity_bytes"], 8 << 20)
        self.refuse(2, "size", "cache", "resize", "a&b")
        self.refuse(2, "store on disk", "cache", "compact", "--cache", "memory:")
        self.refuse(1, "absent", "cache", "import", "absent.zimg")
        self.write("text", "no bundle at all, and long enough")
        self.refuse(2, "not a bundle", "cache", "import", "text")
        for fleeting in ("memory:", "memory:?size=1GiB", "none:"):
            self.refuse(2, f"--cache is {fleeting[:7]}", "cache", "import", "all.zimg", "--cache", fleeting)

    def test_is_exported_beside_what_a_killed_process_of_the_same_number_left(self):
        left = "for i in 0 1 2 3; do echo left > .zimg-$$-$i.tmp; done; exec \"$0\" cache export b.zimg"
        done = subprocess.run(["sh", "-c", left, PROGRAM], cwd=self.work, env=self.environment, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([self.read(name) for name in self.files() if name.startswith(".zimg-")], [b"left\n"] * 4)
        self.assertTrue(self.read("b.zimg"))

    def test_is_exported_under_a_name_as_long_as_a_name_may_be(self):
        longest = "b" * 250 + ".zimg"
        self.succeed("cache", "export", longest)
        self.succeed("cache", "export", os.path.join(self.work, longest))
        self.assertEqual(self.files(), [longest])
        self.refuse(1, "too long", "cache", "export", longest + "x")

    def test_is_the_one_that_the_command_line_names_whatever_the_environment_says(self):
        named = "lmdb:" + os.path.join(self.work, "named")
        other = {"ZIMG_CACHE": "lmdb:" + os.path.join(self.work, "other")}
        self.succeed("cache", "export", "all.zimg")
        for command in (["import", "all.zimg"], ["stats"], ["list"], ["purge", "--all"], ["verify"], ["export", "all.zimg"],
                        ["compact"], ["resize", "8MiB"]):
            code, _, err = self.run_zimg("cache", *command, "--cache", named, environment=other)
            self.assertEqual(code, 0, err)
        for command in (["get", ABSENT, "-o", "x.png"], ["pin", ABSENT], ["unpin", ABSENT]):
            self.assertEqual(self.run_zimg("cache", *command, "--cache", named, environment=other)[0], 1)
        self.assertEqual(self.files(), ["all.zimg", "named"])
        self.assertEqual(self.run_zimg("cache", "import", "all.zimg", environment=other)[0], 0)
        self.assertEqual(self.files(), ["all.zimg", "named", "other"])

    def test_that_is_no_store_is_a_failure(self):
        self.write("file", "x")
        for command in (["stats"], ["list"], ["verify"], ["purge", "--all"], ["get", ABSENT, "-o", "x.png"]):
            self.refuse(1, "file", "cache", *command, "--cache", "lmdb:" + os.path.join(self.work, "file"))


# What tests/unit/cache/golden_stores.hpp puts into tests/data/stores.
STORES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data", "stores")
SECRET = "the secret of a golden store"


def golden_key(number):
    return bytes((number * 151 + i * 7) & 255 for i in range(32)).hex()


class Store(ProgramTest):
    """Stores with something in them, in builds without an engine too."""

    def store(self, name, to="store"):
        path = os.path.join(self.work, to)
        shutil.copytree(os.path.join(STORES, name), path)
        os.truncate(os.path.join(path, "data.mdb"), 8 << 20)
        return path

    def overwrite(self, path, at, octets):
        with open(os.path.join(path, "data.mdb"), "r+b") as file:
            file.seek(at)
            file.write(octets)

    def verify(self, path, *options):
        """(exit code, what --json told, stderr)"""
        code, out, err = self.run_zimg("cache", "verify", "--json", "--cache", "lmdb:" + path, *options)
        return code, json.loads(out) if out else None, err

    def test_is_waited_for_while_others_write(self):
        path = self.store("plain")
        self.succeed("cache", "export", "all.zimg", "--cache", "lmdb:" + path)
        for command in (["pin", golden_key(1)], ["unpin", golden_key(1)], ["import", "all.zimg"], ["purge", "--all"]):
            with open(os.path.join(path, "writer.lock"), "rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                process = self.start("cache", *command, "--cache", "lmdb:" + path)
                time.sleep(0.4)
            _, err = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0, (command, err))

    def test_is_verified_and_cleaned(self):
        path = self.store("plain")
        self.succeed("cache", "get", golden_key(10), "-o", "ten.png", "--cache", "lmdb:" + path)
        payload = self.read("ten.png")
        self.assertEqual(len(payload), 65521)
        code, told, _ = self.verify(path)
        self.assertEqual((code, told["entries"], told["damaged"], told["tree_damages"]), (0, 9, 0, 0))
        with open(os.path.join(path, "data.mdb"), "rb") as file:
            at = file.read().index(payload[1000:1064])
        self.overwrite(path, at, b"damage")
        code, told, _ = self.verify(path)
        self.assertEqual((code, told["entries"], told["damaged"]), (1, 9, 1))
        code, told, _ = self.verify(path)
        self.assertEqual((code, told["entries"], told["damaged"]), (0, 8, 0))

    def test_is_verified_whatever_is_damaged(self):
        """Each page in turn becomes noise: the program lives, and says what it found."""
        pages = os.path.getsize(os.path.join(STORES, "plain", "data.mdb")) // 4096
        told_of_records = 0
        for page in range(2, pages):
            path = self.store("plain")
            self.overwrite(path, page * 4096, random.Random(page).randbytes(4096))
            code, told, err = self.verify(path)
            self.assertIn(code, (0, 1), (page, err))
            self.assertNotIn("terminate called", err)
            if told is None:
                self.assertIn("damaged", err, page)
            elif told["tree_damages"] > 0:
                told_of_records += 1
                self.assertIn("--rebuild", err)
                self.assertEqual(code, 1)
            shutil.rmtree(path)
        self.assertGreater(told_of_records, 0)

    def test_that_is_not_there_is_not_made_by_verifying_it(self):
        self.refuse(1, "holds no store", "cache", "verify", "--cache", "lmdb:" + os.path.join(self.work, "absent"))
        self.assertEqual(self.files(), [])

    def test_opens_what_is_encrypted_with_its_secret_alone(self):
        cache = ["--cache", "lmdb:" + self.store("ruled")]
        self.write("secret", SECRET + "\n")
        self.write("other", "another secret")
        mine = ["--namespace", "mine", "--secret-file"]
        self.succeed("cache", "get", golden_key(2), "-o", "two.png", *cache, *mine, "secret")
        self.assertEqual(len(self.read("two.png")), 6000)
        for wrong in ([], [*mine, "other"], ["--namespace", "default", "--secret-file", "secret"]):
            self.refuse(1, "no picture", "cache", "get", golden_key(2), "-o", "x.png", *cache, *wrong)
        self.refuse(1, "missing", "cache", "get", golden_key(2), "-o", "x.png", *cache, *mine, "missing")
        self.write("empty", "\n")
        self.refuse(2, "empty", "cache", "get", golden_key(2), "-o", "x.png", *cache, *mine, "empty")
        self.assertNotIn("x.png", self.files())
        self.assertEqual(json.loads(self.succeed("cache", "verify", "--json", *cache))["unreadable"], 4)
        told = json.loads(self.succeed("cache", "verify", "--json", *cache, *mine, "secret"))
        self.assertEqual((told["unreadable"], told["damaged"]), (0, 0))
        whole = json.loads(self.succeed("cache", "export", "all.zimg", "--json", *cache))
        self.assertEqual((whole["entries"], whole["left_out"]), (6, 4))
        own = json.loads(self.succeed("cache", "export", "mine.zimg", "--json", *cache, *mine, "secret"))
        self.assertEqual((own["entries"], own["left_out"]), (4, 0))
        # Imported with the secret it is encrypted again; what the file holds is not.
        there = ["--cache", "lmdb:there?size=8MiB&encrypt=1"]
        self.succeed("cache", "import", "mine.zimg", *there, *mine, "secret")
        self.refuse(1, "no picture", "cache", "get", golden_key(2), "-o", "x.png", *there)
        self.succeed("cache", "get", golden_key(2), "-o", "again.png", *there, *mine, "secret")
        self.assertEqual(self.read("again.png"), self.read("two.png"))
        part = self.read("two.png")[100:164]
        self.assertIn(part, self.read("mine.zimg"))
        self.assertNotIn(part, self.read("there/data.mdb"))
        self.assertEqual(len(self.succeed("cache", "list", *there).splitlines()), 4)  # needs no secret
        self.refuse(2, "encrypt=1", "cache", "import", "mine.zimg", *there)  # nothing is stored in the clear

    def test_names_that_none_has_are_refused_before_it_is_opened(self):
        path = self.store("plain")
        self.write("secret", SECRET)
        absent = ["--cache", "lmdb:" + os.path.join(self.work, "absent")]
        for command in (["list"], ["purge", "--all"], ["export", "all.zimg"], ["verify"], ["import", "all.zimg"],
                        ["get", ABSENT, "-o", "x.png"]):
            for name in ("", "a b!", "n" * 65):
                self.refuse(2, "namespace", "cache", *command, "--namespace", name, *absent)
        for option in ("--namespace", "--model", "--tag", "--key-prefix"):
            self.refuse(2, option, "cache", "purge", option, "", "--older-than", "0", "--cache", "lmdb:" + path)
        self.refuse(2, "--secret-file", "cache", "import", "all.zimg", "--secret-file", "", *absent)
        self.refuse(2, "--output", "cache", "get", golden_key(10), "-o", "", *absent)
        self.assertEqual(self.files(), ["secret", "store"])
        self.assertEqual(self.verify(path)[1]["entries"], 9)

    def test_is_exported_to_files_alone(self):
        cache = ["--cache", "lmdb:" + self.store("plain")]
        absent = ["--cache", "lmdb:" + os.path.join(self.work, "absent")]
        os.mkfifo(os.path.join(self.work, "pipe"))
        os.symlink("far/target", os.path.join(self.work, "link"))
        for code, words, name in ((1, "not a regular file", "pipe"), (1, "not a regular file", "/dev/null"),
                                  (1, "is a folder", "store"), (1, "'far'", "link"), (1, "too long", "a" * 300),
                                  (2, "FILE is empty", "")):
            self.refuse(code, words, "cache", "export", name, *absent)
        self.assertEqual(self.files(), ["link", "pipe", "store"])
        os.mkdir(os.path.join(self.work, "far"))
        self.succeed("cache", "export", "link", *cache)
        self.assertTrue(os.path.islink(os.path.join(self.work, "link")))
        self.assertEqual(self.files("far"), ["target"])

    def test_follows_the_rules_of_its_url(self):
        self.succeed("cache", "export", "all.zimg", "--cache", "lmdb:" + self.store("ruled"))

        def imported(rules):
            url = "lmdb:" + os.path.join(self.work, "ruled?size=8MiB&" + rules)
            self.run_zimg("cache", "import", "all.zimg", "--cache", url)
            told = json.loads(self.succeed("cache", "stats", "--json", "--cache", url))
            expiries = [json.loads(line)["expires_at"] for line in
                        self.succeed("cache", "list", "--json", "--cache", url).splitlines()]
            shutil.rmtree(os.path.join(self.work, "ruled"))
            return {part["namespace"]: part["payload_bytes"] for part in told["namespaces"]}, expiries

        shutil.rmtree(os.path.join(self.work, "store"))
        sizes, expiries = imported("limit=unknown:1kB")
        self.assertEqual(sizes, {"default": 1500, "user:anna": 9000})
        self.assertEqual(expiries, [None] * 6)
        sizes, _ = imported("limit=user:anna:6kB")
        self.assertEqual(sizes, {"default": 1500, "user:anna": 6000})
        sizes, _ = imported("limit=1kB&limit=user:anna:20kB")
        self.assertEqual(sizes, {"default": 1000, "user:anna": 9000})
        _, expiries = imported("ttl=default:1h")
        self.assertEqual(expiries.count(None), 3)
        self.refuse(2, "80 %", "cache", "import", "all.zimg", "--cache", "lmdb:new?size=8MiB&reserve=a:7MiB")


@needs_engine
class Encrypted(ProgramTest):
    def stored(self):
        """What the store holds, without the holes that make its file as long as its map."""
        parts = []
        with open(self.path("cache", "zimg", "pictures", "data.mdb"), "rb") as file:
            end = 0
            while True:
                try:
                    begin = os.lseek(file.fileno(), end, os.SEEK_DATA)
                except OSError as error:
                    self.assertEqual(error.errno, errno.ENXIO)  # past the last data
                    return b"".join(parts)
                end = os.lseek(file.fileno(), begin, os.SEEK_HOLE)
                parts.append(os.pread(file.fileno(), end - begin, begin))

    def test_pictures_are_forgotten_with_their_secret(self):
        self.write("secret", "a secret")
        self.write("other", "another secret")
        mine = ["--namespace", "mine", "--encrypt", "--secret-file"]
        drawn = self.draw("a red circle", "one.png", *mine, "secret")
        self.assertEqual(self.draw("a red circle", "two.png", *mine, "secret")["outcome"], "hit")
        self.assertEqual(self.read("one.png"), self.read("two.png"))
        self.refuse(1, "no picture", "cache", "get", drawn["key"], "-o", "x.png")
        self.succeed("cache", "get", drawn["key"], "-o", "got.png", *mine[:2], "--secret-file", "secret")
        picture = self.read("got.png")
        self.assertEqual(sha256(picture), drawn["payload_sha256"])
        self.assertNotIn(picture[40:80], self.stored())
        self.assertEqual(self.draw("a red circle", "x.png", *mine, "other")["outcome"], "drawn")
        self.assertEqual(self.draw("a red circle", "x.png", "--namespace", "mine")["outcome"], "drawn")
        self.assertIn(picture[40:80], self.stored())  # the same picture, not encrypted
        self.refuse(2, "--secret-file", "draw", "a", "-o", "x.png", "--encrypt")
        self.refuse(2, "encrypt", "draw", "a", "-o", "x.png", "--cache", "memory:", *mine, "secret")

    def test_pictures_are_pinned_and_purged_without_their_secret(self):
        self.write("secret", "a secret")
        mine = ["--namespace", "mine", "--encrypt", "--secret-file", "secret"]
        key = self.draw("a red circle", "one.png", *mine)["key"]
        self.draw("a red circle", "one.jpg", *mine)
        pins = lambda: sorted(json.loads(line)["pinned"] for line in self.succeed("cache", "list", "--json").splitlines())
        self.succeed("cache", "pin", key)
        self.assertEqual(pins(), [False, True])  # the picture, of which the JPEG can be made again
        self.succeed("cache", "unpin", key)
        self.assertEqual(pins(), [False, False])
        self.assertEqual(json.loads(self.succeed("cache", "purge", key, "--json")), {"erased": 2})
        self.refuse(1, "no picture", "cache", "pin", key)


@needs_engine
class Cache(ProgramTest):
    def setUp(self):
        super().setUp()
        self.reports = [self.draw("a red circle", "x.png", "--namespace", name, "--seed", str(seed))
                        for name in ("one", "two") for seed in (1, 2)]

    def listed(self, *options):
        return [json.loads(line) for line in self.succeed("cache", "list", "--json", *options).splitlines()]

    def test_lists_what_was_drawn(self):
        self.assertEqual({e["key"] for e in self.listed()}, {r["key"] for r in self.reports})
        self.assertEqual({e["seed"] for e in self.listed("--namespace", "two")}, {1, 2})
        self.assertEqual({e["namespace"] for e in self.listed("--namespace", "two")}, {"two"})
        self.assertEqual(len(self.listed("--limit", "3")), 3)
        self.assertEqual(len(self.succeed("cache", "list").splitlines()), 4)
        self.assertNotIn("circle", self.succeed("cache", "list"))  # prompts are not stored

    def test_gives_pictures_out(self):
        for report in self.reports:
            told = json.loads(self.succeed("cache", "get", report["key"], "-o", "got.png", "--json"))
            self.assertEqual(sha256(self.read("got.png")), report["payload_sha256"])
            self.assertEqual(told["payload_sha256"], report["payload_sha256"])

    def test_an_empty_name_is_not_all_of_them(self):
        before = self.succeed("cache", "list")
        for option in ("--namespace", "--model", "--tag", "--key-prefix"):
            self.refuse(2, option, "cache", "purge", option, "", "--older-than", "0")
        self.refuse(2, "--namespace", "cache", "export", "all.zimg", "--namespace", "")
        self.refuse(2, "--namespace", "cache", "list", "--namespace", "")
        self.refuse(2, "the namespace", "cache", "purge", "--namespace", "a b!", "--older-than", "0")
        self.assertEqual(self.succeed("cache", "list"), before)
        self.assertNotIn("all.zimg", self.files())

    def test_is_exported_where_a_link_points_and_never_over_what_is_no_file(self):
        os.symlink("target.zimg", os.path.join(self.work, "link"))
        self.succeed("cache", "export", "link")
        self.assertTrue(os.path.islink(os.path.join(self.work, "link")))
        self.assertGreater(len(self.read("target.zimg")), 0)
        os.mkfifo(os.path.join(self.work, "pipe"))
        self.refuse(1, "not a regular file", "cache", "export", "pipe")
        self.refuse(1, "is a folder", "cache", "export", ".")

    def test_purges_by_key_namespace_age_and_all(self):
        self.assertEqual(self.succeed("cache", "purge", self.reports[0]["key"]), "1 erased\n")
        self.assertEqual(self.succeed("cache", "purge", self.reports[0]["key"]), "0 erased\n")
        self.assertEqual(self.succeed("cache", "purge", "--older-than", "1"), "0 erased\n")
        self.assertEqual(self.succeed("cache", "purge", "--tag", "nobody's"), "0 erased\n")
        self.assertEqual(self.succeed("cache", "purge", "--model", "nobody's"), "0 erased\n")
        self.refuse(2, "begins no key", "cache", "purge", "--key-prefix", "xyz")
        self.assertEqual(self.succeed("cache", "purge", "--namespace", "two"), "2 erased\n")
        self.assertEqual({e["namespace"] for e in self.listed()}, {"one"})
        self.assertEqual(self.succeed("cache", "purge", "--older-than", "0"), "1 erased\n")
        self.assertEqual(self.listed(), [])
        self.refuse(2, "keys go without", "cache", "purge", ABSENT, "--all")

    def test_verifies(self):
        report = json.loads(self.succeed("cache", "verify", "--json"))
        self.assertEqual((report["entries"], report["damaged"]), (4, 0))


@needs_engine
class Key(ProgramTest):
    def test_is_the_one_of_the_drawing(self):
        drawn = self.draw("a red circle", "x.png", "--seed", "5")
        self.assertEqual(self.succeed("key", "a red circle", "--seed", "5", *QUICK).strip(), drawn["key"])
        self.assertNotEqual(self.succeed("key", "a red circle", "--seed", "6", *QUICK).strip(), drawn["key"])

    def test_leaves_the_dead_negative_prompt_out(self):
        plain = self.succeed("key", "a", *QUICK)
        self.assertEqual(self.succeed("key", "a", "--negative", "b", *QUICK), plain)
        self.assertNotEqual(self.succeed("key", "a", "--guidance", "2", "--negative", "b", *QUICK),
                            self.succeed("key", "a", "--guidance", "2", *QUICK))

    def test_is_explained(self):
        fields = json.loads(self.succeed("key", "a red circle", "--explain", "--json", *QUICK))["fields"]
        prompt = [f for f in fields if "prompt" in f["name"] and "negative" not in f["name"]]
        self.assertTrue(prompt and prompt[0]["live"])
        self.assertIn("a red circle", prompt[0]["value"])
        self.assertEqual(len(self.succeed("key", "a", "--explain", *QUICK).splitlines()), 1 + len(fields))

    def test_comes_for_each_line_of_a_list(self):
        keys = self.succeed("key", "--from", "-", *QUICK, stdin=b'a\n{"prompt":"a"}\nb\n').split()
        self.assertEqual(keys[0], keys[1])
        self.assertNotEqual(keys[0], keys[2])


class Bench(ProgramTest):
    def test_measures_hits(self):
        report = json.loads(self.succeed("bench", "hit", "--rounds", "20", "--size", "128x128", "--json"))
        self.assertEqual(report["rounds"], 20)
        self.assertGreater(report["times"]["hit"]["median_ms"], 0)
        self.assertGreater(report["ratio"], 0)
        store = "lmdb:" + os.path.join(self.work, "store")
        self.assertIn(store, self.succeed("bench", "hit", "--rounds", "20", "--size", "128x128", "--cache", store))

    def test_tells_of_a_store_whose_path_is_not_UTF_8(self):
        report = json.loads(self.succeed("bench", "hit", "--rounds", "2", "--size", "128x128", "--json", "--cache",
                                         b"lmdb:st\xe8re"))
        self.assertIn("st\ufffdre", report["cache"])

    def test_replays_a_trace_and_names_a_line_that_is_none(self):
        self.write("trace", "a 1000 5\n")
        self.assertIn("1 request for 1 picture, ", self.succeed("bench", "replay", "trace"))
        for words, content in (("'trace' line 2 is not a name", "a 1 1\na 1\n"), ("'trace' line 1: 'x' is no whole", "a x 1\n"),
                               ("'trace' holds no request", "\n")):
            self.write("trace", content)
            self.refuse(2, words, "bench", "replay", "trace")

    @needs_engine
    def test_measures_drawings(self):
        report = json.loads(self.succeed("bench", "draw", "--rounds", "2", "--json", *QUICK))
        self.assertGreater(report["weight_bytes"], 10_000_000)
        self.assertGreater(report["peak_bytes"], report["weight_bytes"])
        self.assertEqual(report["size"], "64x64")
        self.assertGreater(report["times"]["denoise"]["median_ms"], 0)
        self.assertGreater(report["ratio"], 1)


if __name__ == "__main__":
    main()
