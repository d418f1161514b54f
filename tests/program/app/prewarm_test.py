"""zimg prewarm: lists of three kinds, budgets, and going on after an interruption."""
import fcntl
import json
import os
import signal
import time

from program import QUICK, ProgramTest, main, needs_engine


class Prewarm(ProgramTest):
    def prewarm(self, *arguments, code=0):
        actual, out, err = self.run_zimg("prewarm", *QUICK, *arguments, "--json")
        self.assertEqual(actual, code, err)
        return json.loads(out)

    def test_refuses_wrong_use(self):
        self.write("list", "a red circle\n")
        self.refuse(2, "0 pictures", "prewarm", "list", "--budget-pictures", "0")
        self.refuse(2, "seconds", "prewarm", "list", "--budget-seconds", "-1")
        self.refuse(2, "--budget-bytes is 'much'", "prewarm", "list", "--budget-bytes", "much")
        self.refuse(2, "--at-once is '0' where a whole number from 1 to 64", "prewarm", "list", "--at-once", "0")
        for option in ("--no-cache", "--only-if-cached", "--no-store", "--refresh"):
            self.refuse(2, option, "prewarm", "list", option)
        self.refuse(2, "none:", "prewarm", "list", "--cache", "none:")
        self.refuse(2, "none:", "prewarm", "list", environment={"ZIMG_CACHE": "none:"})
        self.refuse(2, "--cache is memory:", "prewarm", "list", "--cache", "memory:?size=1GiB")
        self.write("mode", 'a\n{"prompt": "b", "mode": "no-store"}\n')
        self.refuse(2, "'mode' line 2: the mode", "prewarm", "mode")
        self.refuse(2, "zimg: --seed is random", "prewarm", "list", "--seed", "random")
        self.refuse(1, "missing", "prewarm", "missing")
        self.write("random", 'a\n{"prompt": "b", "seed": "random"}\n')
        self.refuse(2, "'random' line 2: seed is random", "prewarm", "random")
        self.write("priority", '{"prompt": "b", "priority": "high"}\n')
        self.refuse(2, "'priority' line 1: priority is the text 'high' where a number", "prewarm", "priority")

    @needs_engine
    def test_keeps_to_its_preset(self):
        self.write("list", "a red circle\n")
        self.assertEqual(self.prewarm("list", "--preset", "batch")["drawn"], 1)
        self.assertEqual(json.loads(self.succeed("cache", "list", "--json"))["namespace"], "batch")

    def test_names_a_bad_line_of_a_table(self):
        bad = {"prompt,prompt\na,b\n": "line 1 names the column 'prompt' twice",
               "prompt,\na,b\n": "line 1 has a column without a name",
               "prompt,seed\na\n": "line 2 has 1 cells where 2 columns",
               'prompt,seed\n"a,1\n': "line 2 has a quote that is not closed",
               'prompt,seed\n"a"b,1\n': "line 2 has text beside a quoted cell",
               'prompt,seed\na"b",1\n': "line 2 has a quote inside a cell",
               "prompt,sede\na,1\n": "line 1: 'sede' is not a field of a request: format, ",
               "\nsede\n1\n": "line 2: 'sede' is not a field",
               "seed,size\n1,64x64\n": "line 1 has no column 'prompt'",
               "prompt,seed\na,1\n,2\n": "line 3 has no 'prompt'",
               "prompt,size,width\na,,64\nb,64x64,64\n": "line 3 has both 'size' and 'width'",
               'prompt,seed\n"a\nb",1\nc,x\n': "line 4: seed is 'x'",
               "prompt,steps\na,many\n": "line 2: steps is the text 'many' where a whole number from 1 to 1000",
               "prompt,priority\na,high\n": "line 2: priority is the text 'high' where a number",
               "prompt\n": "holds no prompt"}
        for content, words in bad.items():
            self.write("list.csv", content)
            self.refuse(2, words, "prewarm", "list.csv")
            self.write("LIST.CSV", content)
            self.refuse(2, words, "prewarm", "LIST.CSV")
        for content, words in ((b"prompt\n\xff\n", "line 2 is not UTF-8 at byte 0; a list in UTF-8 is expected"),
                               (b'prompt,seed\n"a\nb",1\nc\xb0,2\n', "line 4 is not UTF-8 at byte 1")):
            self.write("list.csv", content)
            self.refuse(2, "'list.csv' " + words, "prewarm", "list.csv")

    @needs_engine
    def test_blames_an_option_and_no_line_for_what_the_option_says(self):
        self.write("list", "a\nb\n")
        for words, options in (("--size: the width is 65", ["--size", "65x64"]), ("--tag: the tag", ["--tag", "x" * 256])):
            self.assertNotIn("'list' line", self.refuse(2, words, "prewarm", "list", *options))

    @needs_engine
    def test_draws_what_is_missing(self):
        self.draw("a red circle", "x.png")
        self.write("list", "a red circle\na blue circle\n\n{\"prompt\": \"a green circle\", \"priority\": 3}\na blue circle\n")
        report = self.prewarm("list")
        self.assertEqual([report[k] for k in ("end", "listed", "different", "found", "drawn", "left")],
                         ["all done", 4, 3, 1, 2, 0])
        for prompt in ("a blue circle", "a green circle"):
            self.assertEqual(self.draw(prompt, "y.png")["outcome"], "hit")
        self.assertEqual(self.prewarm("list")["drawn"], 0)

    @needs_engine
    def test_draws_tables_by_priority_within_a_budget(self):
        self.write("list.csv", "\ufeffpriority,prompt,seed,size\r\n1,low,,\r\n5,\"high, \"\"quoted\"\"\",7,64x96\r\n,none,,\r\n")
        report = self.prewarm("list.csv", "--budget-pictures", "1")
        self.assertEqual([report[k] for k in ("end", "drawn", "left")], ["pictures spent", 1, 2])
        report = self.draw('high, "quoted"', "x.png", "--seed", "7", "--size", "64x96")
        self.assertEqual(report["outcome"], "hit")
        self.assertEqual(self.prewarm("list.csv", "--budget-bytes", "1", "--at-once", "1")["end"], "bytes spent")
        self.assertEqual(self.prewarm("list.csv")["drawn"], 1)

    @needs_engine
    def test_tells_of_lines_that_fail(self):
        self.write("list", '{"prompt": "a", "size": "65x64"}\nb\n')
        report = self.prewarm("list", code=1)
        self.assertEqual((report["drawn"], report["failed"], report["failures"][0]["line"]), (1, 1, 1))
        self.assertEqual(report["failures"][0]["code"], "invalid_argument")

    @needs_engine
    def test_tells_of_a_store_whose_path_is_not_UTF_8(self):
        store = ["--cache", b"lmdb:st\xe8re"]
        self.draw("a red circle", "x.png", *store)
        self.write("list", "a red circle\na blue circle\n")
        with open(os.path.join(self.work.encode(), b"st\xe8re", b"writer.lock"), "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # as another process does that is writing
            report = self.prewarm("list", *store, code=1)
        self.assertEqual(report["end"], "not stored")
        self.assertIn("st\ufffdre", report["note"])

    @needs_engine
    def test_goes_on_after_an_interruption(self):
        self.write("list", "".join(f'{{"prompt": "circle", "seed": {i}}}\n' for i in range(200)))
        process = self.start("prewarm", "list", "--json", "--size", "64x64", "--steps", "4")
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, err)
        first = json.loads(out)
        self.assertEqual(first["end"], "cancelled")
        self.assertEqual(first["drawn"] + first["left"], 200)
        second = self.prewarm("list", "--steps", "4", "--budget-pictures", "2")
        self.assertEqual(second["found"], first["drawn"])


if __name__ == "__main__":
    main()
