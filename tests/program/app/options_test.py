"""Options that are out of their range, contradict each other, change nothing or come twice, and what is said of them."""
from program import QUICK, ProgramTest, main, needs_engine

DRAW = ["draw", "a", "-o", "x.png"]
ABSENT_STORE = ["--cache", "lmdb:absent"]


class Options(ProgramTest):
    def refuse_all(self, command, cases):
        for words, options in cases:
            self.refuse(2, words, *command, *options)
        self.assertEqual(self.files(), [])

    def test_are_numbers_of_a_range(self):
        whole, real = "where a whole number from ", "where a number from "
        self.refuse_all(DRAW, (
            (f"--steps is '8.5' {whole}1 to 1000 ", ["--steps", "8.5"]), (f"--steps is '0' {whole}1 to 1000 ", ["--steps", "0"]),
            (f"--steps is '5000000000' {whole}1 to 1000 ", ["--steps", "5000000000"]),
            (f"--threads is '-1' {whole}0 to 1024 ", ["--threads", "-1"]),
            (f"--threads is '1025' {whole}0 to 1024 ", ["--threads", "1025"]),
            (f"--guidance is '1e400' {real}0 to 100 ", ["--guidance", "1e400"]),
            (f"--guidance is 'nan' {real}0 to 100 ", ["--guidance", "nan"]),
            (f"--guidance is 'much' {real}0 to 100 ", ["--guidance", "much"]),
            (f"--guidance-normalization is '-1' {real}0 to 100 ", ["--guidance-normalization", "-1"]),
            (f"--guidance-truncation is '1.5' {real}0 to 1 ", ["--guidance-truncation", "1.5"]),
            ("--seed is 'x' where random or a whole number from 0 to 18446744073709551615 is expected", ["--seed", "x"])))

    def test_have_no_value_where_they_are_switches(self):
        self.refuse_all(DRAW, (("--json is 'foo' where no value is expected", ["--json=foo"]),))

    def test_come_before_two_dashes(self):
        self.refuse_all(["draw"], (
            ("'-o' stands behind '--' where no option is expected", ["--", "-a red circle", "-o", "x.png"]),
            ("--output is required", ["--", "-a red circle"]),
            ("'b' is one argument too many", ["-o", "x.png", "--", "-a", "b"])))

    def test_of_a_cache_contradict_none(self):
        for option in (["--encrypt"], ["--pin"], ["--require-cache"], ABSENT_STORE):
            self.refuse(2, f"--no-cache and {option[0]} contradict each other", *DRAW, "--no-cache", *option)
        self.refuse_all(DRAW, (("--no-cache and --cache contradict", ["--cache", "none:", "--no-cache"]),))

    @needs_engine
    def test_of_the_environment_contradict_none_of_the_command_line(self):
        self.succeed(*DRAW, *QUICK, "--no-cache", environment={"ZIMG_CACHE": "lmdb:absent"})
        self.assertEqual(self.files(), ["x.png"])

    def test_that_name_a_cache_are_not_empty(self):
        self.refuse_all(["bench", "hit"], (("--cache is empty", ["--cache", ""]),))
        self.refuse_all(["bench", "replay"], (("TRACE is empty", [""]),))
        self.refuse_all(["cache", "import"], (("FILE is empty", [""]),))

    def test_tell_where_a_cache_url_came_from(self):
        for url, words in (("foo", "'foo' has no scheme"), ("memory:?", "no option behind a '?'"),
                           ("memory:?size=abc", "the cache URL's size is 'abc'"), ("memory:?jitter=abc", "jitter is 'abc' where a number from 0 to 1"),
                           ("lmdb:x?encrypt=abc", "encrypt is 'abc' where 0 or 1"), ("memory:?size=1MiB&size=1MiB", "'size' twice"),
                           ("lmdb:x?ttl=a:1h&ttl=a:2h", "'ttl=a' twice"), ("unix:/x", "Redis")):
            for command in (["cache", "stats"], ["cache", "list"], [*DRAW, "--require-cache"]):
                code = 1 if url.startswith("unix:") else 2
                err = self.refuse(code, "zimg: --cache (or ZIMG_CACHE): the ", *command, environment={"ZIMG_CACHE": url})
                self.assertIn(words, err)
                self.assertIn(words, self.refuse(code, "zimg: --cache (or ZIMG_CACHE): the ", *command, "--cache", url))
        self.assertIn("'foo' has no scheme", self.refuse(2, "zimg: --cache: the cache URL", "bench", "hit", "--cache", "foo"))
        self.assertEqual(self.files(), [])

    def test_encrypt_once(self):
        self.write("secret", "a secret")
        mine = ["--namespace", "mine", "--secret-file", "secret", "--encrypt", "--only-if-cached", "--require-cache"]
        self.refuse(2, "says encrypt=0", *DRAW, *mine, "--cache", "lmdb:store?encrypt=0")
        code, _, err = self.run_zimg(*DRAW, *mine, "--cache", "lmdb:store?encrypt=1")
        self.assertNotEqual(code, 2, err)

    @needs_engine
    def test_of_guidance_are_warned_about_where_there_is_none(self):
        nothing = "zimg: warning: without --guidance above 0 nothing is changed by "
        for names, options in (("--negative", ["--negative", "b"]),
                               ("--guidance-normalization, --guidance-truncation",
                                ["--guidance-normalization", "1", "--guidance-truncation", "0.5"])):
            for command in ([*DRAW, "--no-cache"], ["key", "a"]):
                code, _, err = self.run_zimg(*command, *QUICK, *options)
                self.assertEqual(code, 0, err)
                self.assertEqual(err.count(nothing + names + "\n"), 1, err)
                self.assertNotIn("nothing is changed", self.run_zimg(*command, *QUICK, *options, "--guidance", "2")[2])
        self.write("list", '{"prompt": "a", "guidance": 2}\nb\n')
        self.assertNotIn("warning", self.run_zimg("key", "--from", "list", "--negative", "b")[2])
        self.write("list", "a\nb\n")
        self.assertEqual(self.run_zimg("key", "--from", "list", "--negative", "b")[2].count("warning"), 1)

    def test_of_synonyms_are_refused_where_nothing_is_folded(self):
        self.write("words", "cat\tkitty\n")
        self.write("list", "a cat\n")
        for command in (DRAW, ["key", "a"], ["bench", "hit"], ["prewarm", "list"], ["draw", "--from", "list", "-o", "out"]):
            self.refuse(2, "--synonyms goes with --match loose", *command, "--synonyms", "words")
        self.assertEqual(self.files(), ["list", "words"])

    @needs_engine
    def test_of_synonyms_serve_a_line_that_is_folded(self):
        self.write("words", "cat\tkitty\n")
        self.write("list", 'a cat\n{"prompt": "a kitty", "match": "loose"}\n')
        keys = self.succeed("key", "--from", "list", "--synonyms", "words").split()
        self.assertEqual(keys[0], keys[1])

    @needs_engine
    def test_ask_a_cache_alone_that_cannot_be_used(self):
        self.write("file", "x")
        err = self.refuse(3, "not", *DRAW, "--only-if-cached", "--cache", "lmdb:file")
        self.assertIn("nothing is found without it", err)
        self.assertNotIn("drawing without a cache", err)


class Help(ProgramTest):
    def help(self, *command):
        return " ".join(self.succeed(*command, "--help").split())

    def test_says_how_often_an_option_is_given(self):
        draw = self.help("draw")
        self.assertIn("--keywords FILE Words, one a line", draw)
        self.assertIn("repeatable", draw)
        for command in ("pin", "unpin"):
            self.assertIn("KEY...", self.help("cache", command))
            self.assertNotIn("[KEY...]", self.help("cache", command))
            self.refuse(2, "KEY is required", "cache", command)

    def test_says_what_a_value_means(self):
        draw = self.help("draw")
        self.assertIn("1: guidance at every step", draw)
        self.assertIn("zimg/pictures in $XDG_CACHE_HOME or ~/.cache", draw)
        self.assertIn("FILE[:no-store]", draw)
        self.assertIn("by the cache's rule, else until evicted", draw)
        self.assertIn("-- \"-40 degrees\"", draw)
        for variable in ("ZIMG_BUILTIN_MODEL", "XDG_CACHE_HOME"):
            self.assertIn(variable, self.help())


if __name__ == "__main__":
    main()
