"""zimg draw --from: lists of requests."""
import json
import os

from program import QUICK, ProgramTest, main, needs_engine, png_size


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
        self.write("list", b"a red circle\n\xff\xfe\n")
        self.refuse(2, "'list' line 2 is not UTF-8 at byte 0", "draw", "--from", "list", "-o", "out")
        self.assertFalse(os.path.exists(os.path.join(self.work, "out")))

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
