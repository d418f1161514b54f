"""zimg cache, key and bench."""
import json
import os

from program import QUICK, ProgramTest, main, needs_engine, sha256

ABSENT = "0" * 64


class EmptyCache(ProgramTest):
    def test_says_that_it_is_empty(self):
        self.assertEqual(json.loads(self.succeed("cache", "stats", "--json"))["entries"], 0)
        self.assertIn("pictures  0", self.succeed("cache", "stats"))
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
        self.succeed("cache", "resize", "8MiB")
        self.assertEqual(json.loads(self.succeed("cache", "stats", "--json"))["capacity_bytes"], 8 << 20)
        self.refuse(2, "size", "cache", "resize", "a&b")
        self.refuse(2, "store on disk", "cache", "compact", "--cache", "memory:")
        self.refuse(1, "absent", "cache", "import", "absent.zimg")
        self.write("text", "no bundle at all, and long enough")
        self.refuse(2, "not a bundle", "cache", "import", "text")

    def test_that_is_no_store_is_a_failure(self):
        self.write("file", "x")
        for command in (["stats"], ["list"], ["verify"], ["purge", "--all"], ["get", ABSENT, "-o", "x.png"]):
            self.refuse(1, "file", "cache", *command, "--cache", "lmdb:" + os.path.join(self.work, "file"))


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

    @needs_engine
    def test_measures_drawings(self):
        report = json.loads(self.succeed("bench", "draw", "--rounds", "2", "--json", *QUICK))
        self.assertEqual(report["size"], "64x64")
        self.assertGreater(report["times"]["denoise"]["median_ms"], 0)
        self.assertGreater(report["ratio"], 1)


if __name__ == "__main__":
    main()
