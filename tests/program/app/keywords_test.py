"""zimg draw --keywords: what is kept out of the cache, refused and tagged."""
import json

from program import QUICK, ProgramTest, main, needs_engine


class Keywords(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("words", "# a list\nzorblex\n")

    def test_refuses_before_any_work(self):
        err = self.refuse(1, "keyword list", "draw", "a z.o.r.b.l.e.x", "-o", "x.png", "--keywords", "words:refuse")
        self.assertNotIn("o.r.b", err)  # the prompt is never repeated
        self.assertEqual(self.files(), ["words"])

    def test_each_option_takes_one_list(self):
        self.write("more", "quuxly\n")
        lists = ["--keywords", "words:refuse", "--keywords", "more:refuse"]
        for prompt in ("a zorblex", "a quuxly"):
            self.refuse(1, "keyword list", "draw", *lists, prompt, "-o", "x.png")

    def test_tells_the_trace_of_what_it_refuses(self):
        self.refuse(1, "keyword list", "draw", "a zorblex", "-o", "x.png", "--keywords", "words:refuse", "--trace", "trace")
        events = [json.loads(line) for line in self.read("trace").decode().splitlines()]
        self.assertEqual([(event["event"], event["reason"]) for event in events], [("failed", "refused")])

    @needs_engine
    def test_refuses_a_line_of_a_list(self):
        self.write("list", "a red circle\na zorblex\n")
        self.refuse(1, "'list' line 2: ", "draw", "--from", "list", "-o", "out", "--keywords", "words:refuse", *QUICK)

    def test_names_what_is_wrong_with_a_list(self):
        draw = ["draw", "a", "-o", "x.png", "--keywords"]
        self.refuse(1, "missing", *draw, "missing")
        self.write("bad", b"foo\n\xff\n")
        self.refuse(2, "'bad' line 2 is not UTF-8", *draw, "bad")
        self.refuse(2, "is 'erase' where no-store, refuse or tag=NAME is expected", *draw, "words:erase")
        self.refuse(2, "no tag", *draw, "words:tag=")
        self.refuse(2, "no tag", *draw, "words:tag=a b")

    @needs_engine
    def test_draws_and_does_not_store(self):
        for name in ("words", "words:no-store"):
            report = self.draw("a ZORBLEX", "x.png", "--keywords", name)
            self.assertEqual((report["outcome"], report["stored"], report["filtered"]), ("drawn", "no", True))
        self.assertEqual(json.loads(self.succeed("cache", "stats", "--json"))["entries"], 0)
        self.assertEqual(self.draw("a red circle", "y.png", "--keywords", "words")["filtered"], False)

    @needs_engine
    def test_tags(self):
        report = self.draw("a zorblex", "x.png", "--keywords", "words:tag=brand")
        self.assertEqual((report["stored"], report["tags"]), ("yes", ["brand"]))


if __name__ == "__main__":
    main()
