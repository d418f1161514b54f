"""zimg draw --from: lists of requests."""
import json
import os
import subprocess

from program import PROGRAM, QUICK, ProgramTest, main, needs_engine, png_size


class List(ProgramTest):
    @needs_engine
    def test_draws_prompts_and_objects(self):
        self.write("list", "\ufeffa red circle\r\n\n  {\"prompt\": \"蓝色\", \"seed\": 7, \"size\": \"96x64\"}\n"
                           "{\"prompt\": \"x\", \"format\": \"jpeg\", \"width\": 64, \"guidance\": 0}")
        lines = self.succeed("draw", "--from", "list", "-o", "out/pictures", "--json", *QUICK).splitlines()
        reports = [json.loads(line) for line in lines]
        self.assertEqual(self.files("out/pictures"), ["00001.png", "00002.png", "00003.jpg"])
        self.assertEqual([r["path"] for r in reports], [f"out/pictures/{n}" for n in self.files("out/pictures")])
        self.assertEqual([r["seed"] for r in reports], [42, 7, 42])
        self.assertEqual(png_size(self.read("out/pictures/00002.png")), (96, 64))
        self.assertEqual([r["stored"] for r in reports], ["yes"] * 3)

    @needs_engine
    def test_finds_what_a_single_drawing_stored(self):
        first = self.draw("a red circle", "x.png")
        out = self.succeed("draw", "--from", "-", "-o", "out", "--json", *QUICK, stdin=b"a red circle\n")
        self.assertEqual(json.loads(out)["outcome"], "hit")
        self.assertEqual(json.loads(out)["sha256"], first["sha256"])

    @needs_engine
    def test_names_a_line_that_the_model_cannot_draw(self):
        self.write("list", '{"prompt": "a", "size": "64x64"}\n{"prompt": "b", "size": "65x64"}\n')
        self.refuse(2, "'list' line 2: ", "draw", "--from", "list", "-o", "out")
        self.assertEqual(self.files("out"), [])  # nothing was drawn

    def test_names_a_bad_line_before_anything_is_drawn(self):
        bad = ['{"prompt": 3}', '{"promt": "a"}', '{"prompt": "a"', '{"steps": -1}', '{"steps": 1.5}', '{"seed": -1}',
               '{"seed": "rnd"}', '{"seed": 1.5}', '{"size": "x64"}', '{"size": 64}', '{"guidance": "much"}',
               '{"schedule": "odd"}', '{"match": "looser"}', '{"format": "gif"}', '{"vae_tiling": 1}',
               '{"width": 4294967296}', '{"quality": 0}', "{" * 1000]
        for line in bad:
            self.write("list", "a red circle\n" + line + "\n")
            err = self.refuse(2, "'list' line 2", "draw", "--from", "list", "-o", "out", *QUICK)
            self.assertNotIn("[json.exception", err)
        for line in (b"\xff\xfe", b'\xff{"prompt": "a"}'):
            self.write("list", b"a red circle\n" + line + b"\n")
            self.refuse(2, "'list' line 2 is not UTF-8 at byte 0; a list in UTF-8 is expected", "draw", "--from", "list", "-o", "out")
        self.assertFalse(os.path.exists(os.path.join(self.work, "out")))

    def test_tells_what_is_wrong_with_a_field(self):
        for words, line in (
                ("has both 'size' and 'width'", '{"prompt": "a", "width": 64, "size": "64x64"}'),
                ("has both 'size' and 'height'", '{"height": 64, "prompt": "a", "size": "64x64"}'),
                ("has the field 'prompt' twice", '{"prompt": "x", "prompt": "y"}'),
                ("has the field 'seed' twice", '{"prompt": "x", "seed": 1, "size": "64x64", "seed": 1}'),
                ("has no 'prompt' where one is expected", '{"seed": 5}'),
                ("'sede' is not a field of a request: format, guidance, ", '{"prompt": "a", "sede": 5}'),
                ("steps is the text '8' where a whole number from 1 to 1000", '{"prompt": "a", "steps": "8"}'),
                ("steps is 0 where a whole number from 1 to 1000", '{"prompt": "a", "steps": 0}'),
                ("steps is 8.5 where a whole number from 1 to 1000", '{"prompt": "a", "steps": 8.5}'),
                ("guidance is 101 where a number from 0 to 100", '{"prompt": "a", "guidance": 101}'),
                ("guidance_truncation is -1 where a number from 0 to 1", '{"prompt": "a", "guidance_truncation": -1}'),
                ("seed is -1 where random or a whole number from 0 to 1844", '{"prompt": "a", "seed": -1}'),
                ("is not JSON: parse error at column 16", '{"prompt": "a",}')):
            self.write("list", "a red circle\n" + line + "\n")
            self.assertIn(words, self.refuse(2, "'list' line 2", "draw", "--from", "list", "-o", "out"))
        self.write("list", '{"prompt": 3}\n')
        self.refuse(2, "'list' line 1: prompt is 3 where a string is expected", "draw", "--from", "list", "-o", "out")

    @needs_engine
    def test_takes_an_empty_prompt_that_is_said(self):
        self.write("list", '{"prompt": ""}\n')
        self.assertEqual(self.succeed("key", "--from", "list"), self.succeed("key", ""))

    @needs_engine
    def test_blames_an_option_and_no_line_for_what_the_option_says(self):
        self.write("two.txt", "a\nb\n")
        for words, options in (("--size: the width is 65", ["--size", "65x64"]), ("--namespace holds", ["--namespace", "a b"]),
                               ("--tag: the tag is 256 bytes long", ["--tag", "x" * 256]), ("--ttl: the time to live", ["--ttl", "36526d"]),
                               ("--ttl-jitter: the jitter", ["--ttl-jitter", "1"]),
                               ("--seed: the seed is random", ["--seed", "random", "--only-if-cached"])):
            self.assertNotIn("two.txt", self.refuse(2, words, "draw", "--from", "two.txt", "-o", "out", *options))
        self.assertNotIn("two.txt", self.refuse(2, "--size: the width", "key", "--from", "two.txt", "--size", "65x64"))

    @needs_engine
    def test_blames_no_line_for_an_output_that_is_full(self):
        self.write("list", "a\n")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "draw", "--from", "list", "-o", "out", *QUICK], cwd=self.work, env=self.environment,
                                  stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"zimg: cannot write 'standard output'", done.stderr)
        self.assertNotIn(b"'list' line", done.stderr)

    def test_names_the_way_to_read_a_pipe(self):
        os.mkfifo(os.path.join(self.work, "pipe"))
        for command in (["draw", "-o", "out", "--from"], ["key", "--from"], ["prewarm"], ["inspect", "--tokens-from"]):
            self.refuse(2, "'pipe' is not a regular file where one is expected; '-' reads standard input", *command, "pipe")

    def test_tells_a_quality_as_it_is_given(self):
        for quality in ("4294967295", "101", "-1", "90.5", "18446744073709551616"):
            self.write("list", '{"prompt": "a", "format": "jpeg", "quality": ' + quality + "}\n")
            shown = "1.8446744073709552e+19" if len(quality) > 10 else quality
            self.refuse(2, f"quality is {shown} where a whole number from 1 to 100 is expected", "draw", "--from", "list", "-o", "out")

    def test_makes_no_folder_that_is_called_as_standard_output_is(self):
        self.write("list", "a red circle\n")
        self.refuse(2, "the output is '-'", "draw", "--from", "list", "-o", "-")
        self.assertEqual(self.files(), ["list"])

    def test_refuses_lists_that_are_none(self):
        self.write("empty", "\n  \n")
        self.refuse(2, "holds no prompt", "draw", "--from", "empty", "-o", "out")
        self.refuse(1, "cannot open 'missing'", "draw", "--from", "missing", "-o", "out")
        self.refuse(2, "not a regular file", "draw", "--from", ".", "-o", "out")
        self.write("list", "a")
        self.refuse(2, "one of a prompt and --from", "draw", "a", "--from", "list", "-o", "out")
        self.refuse(2, "--count goes with a prompt", "draw", "--from", "list", "-o", "out", "--count", "2")
        self.refuse(1, "cannot create the folder", "draw", "--from", "list", "-o", "list")


if __name__ == "__main__":
    main()
