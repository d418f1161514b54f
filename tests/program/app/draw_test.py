"""zimg draw: pictures, their cache, their files."""
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
import time

from program import PROGRAM, QUICK, ProgramTest, main, needs_engine, png_size, sha256

FIELDS = {"outcome", "key", "path", "format", "width", "height", "bytes", "sha256", "stored", "seed", "steps", "model",
          "namespace", "folded", "times_ms", "payload_sha256", "filtered", "tags"}
STAGES = {"canonicalize", "lookup", "wait", "load", "encode_text", "denoise", "decode", "encode_image", "total"}


@needs_engine
class Draw(ProgramTest):
    def test_tells_in_json_what_it_wrote(self):
        report = self.draw("a red circle", "circle.png", "--seed", "7")
        picture = self.read("circle.png")
        self.assertEqual(set(report), FIELDS)
        self.assertEqual(set(report["times_ms"]), STAGES)
        self.assertEqual(png_size(picture), (64, 64))
        self.assertEqual((report["width"], report["height"], report["bytes"]), (64, 64, len(picture)))
        self.assertEqual(report["sha256"], sha256(picture))
        self.assertEqual((report["outcome"], report["stored"], report["format"]), ("drawn", "yes", "png"))
        self.assertEqual((report["path"], report["seed"], report["steps"]), ("circle.png", 7, 1))
        self.assertEqual(report["namespace"], "default")
        self.assertRegex(report["key"], "^[0-9a-f]{64}$")
        self.assertEqual(self.files(), ["circle.png"])  # nothing temporary stays behind

    def test_finds_the_same_octets_again(self):
        first = self.draw("a red circle", "one.png")
        second = self.draw("a red circle", "two.png")
        self.assertEqual((first["outcome"], second["outcome"]), ("drawn", "hit"))
        self.assertEqual(first["key"], second["key"])
        self.assertEqual(self.read("one.png"), self.read("two.png"))
        self.assertEqual(second["times_ms"]["denoise"], 0)

    def test_finds_what_it_drew_where_libtorch_is_gone(self):
        self.draw("a red circle", "one.png")
        found = self.draw("a red circle", "two.png", environment={"ZIMG_TORCH": "/nowhere"})
        self.assertEqual(found["outcome"], "hit")
        self.assertEqual(self.read("one.png"), self.read("two.png"))
        self.refuse(1, "/nowhere", "draw", "a blue square", "-o", "x.png", environment={"ZIMG_TORCH": "/nowhere"})

    def test_opens_no_libtorch_for_a_hit(self):
        opened = []
        for run in ("drawn", "hit"):
            trace = self.path(run)  # the dynamic linker adds the process number
            report = self.draw("a red circle", "x.png", environment={"LD_DEBUG": "files", "LD_DEBUG_OUTPUT": trace})
            self.assertEqual(report["outcome"], run)
            names = [name for name in os.listdir(self.folder) if name.startswith(run + ".")]
            with open(self.path(names[0]), errors="replace") as file:
                opened.append("libtorch" in file.read())
        self.assertEqual(opened, [True, False])

    def test_draws_another_seed_namespace_or_size_anew(self):
        first = self.draw("a red circle", "one.png")
        for options in (["--seed", "43"], ["--namespace", "other"], ["--size", "64x96"], ["--steps", "2"],
                        ["--guidance", "2"], ["--vae-tiling"]):
            report = self.draw("a red circle", "x.png", *options)  # the last of two equal options counts
            self.assertEqual(report["outcome"], "drawn", options)
            self.assertNotEqual(report["key"], first["key"], options)

    def test_folds_what_is_spelled_otherwise(self):
        first = self.draw("a red circle", "one.png")
        second = self.draw("  a  red circle ", "two.png")
        self.assertEqual(first["folded"], [])
        self.assertTrue(second["folded"])
        self.assertEqual(second["outcome"], "hit")
        self.assertEqual(self.read("one.png"), self.read("two.png"))

    def test_without_a_cache_draws_each_time_and_stores_nothing(self):
        for name in ("one.png", "two.png"):
            report = self.draw("a red circle", name, "--no-cache")
            self.assertEqual((report["outcome"], report["stored"]), ("drawn", "no"))
        self.assertEqual(self.read("one.png"), self.read("two.png"))
        self.assertFalse(os.path.exists(self.path("cache", "zimg", "pictures")))

    def test_draws_nothing_where_only_the_cache_is_asked(self):
        self.refuse(3, "before the engine has been opened", "draw", "a red circle", "-o", "x.png", "--only-if-cached",
                    *QUICK)
        self.assertEqual(self.files(), [])
        self.draw("a red circle", "x.png")
        trace = self.path("opened")
        report = self.draw("a red circle", "y.png", "--only-if-cached",
                           environment={"LD_DEBUG": "files", "LD_DEBUG_OUTPUT": trace})
        self.assertEqual(report["outcome"], "hit")
        self.refuse(3, "not in the cache", "draw", "a blue circle", "-o", "z.png", "--only-if-cached", *QUICK,
                    environment={"LD_DEBUG": "files", "LD_DEBUG_OUTPUT": trace})
        for name in os.listdir(self.folder):
            if name.startswith("opened."):
                with open(self.path(name), errors="replace") as file:
                    self.assertNotIn("libtorch", file.read())

    def test_goes_on_in_a_list_after_what_is_not_in_the_cache(self):
        self.draw("a red circle", "x.png")
        self.write("list", "a blue circle\na red circle\n")
        code, out, err = self.run_zimg("draw", "--from", "list", "-o", "out", "--only-if-cached", "--json", *QUICK)
        self.assertEqual(code, 3, err)
        self.assertEqual([json.loads(line)["outcome"] for line in out.splitlines()], ["hit"])
        self.assertEqual(self.files("out"), ["00002.png"])

    def test_refreshes_and_leaves_unstored(self):
        unstored = self.draw("a red circle", "x.png", "--no-store")
        self.assertEqual((unstored["outcome"], unstored["stored"]), ("drawn", "no"))
        self.assertEqual(unstored["store_note"], "the request is not to be stored")
        self.assertEqual(self.draw("a red circle", "x.png")["outcome"], "drawn")
        refreshed = self.draw("a red circle", "x.png", "--refresh")
        self.assertEqual((refreshed["outcome"], refreshed["stored"]), ("drawn", "yes"))
        self.assertEqual(self.draw("a red circle", "x.png", "--no-store")["outcome"], "hit")

    def test_forgets_after_the_time_to_live(self):
        self.assertEqual(self.draw("a red circle", "x.png", "--ttl", "1ms")["stored"], "yes")
        self.assertEqual(self.draw("a red circle", "x.png", "--ttl", "24h")["outcome"], "drawn")
        self.assertEqual(self.draw("a red circle", "x.png", "--ttl", "1ms")["outcome"], "hit")

    def test_keeps_only_what_was_delivered_where_told_so(self):
        self.draw("a red circle", "x.jpg", "--keep", "delivered")
        self.assertEqual(self.draw("a red circle", "x.jpg", "--keep", "delivered")["outcome"], "hit")
        self.assertEqual(self.draw("a red circle", "x.png", "--keep", "delivered")["outcome"], "drawn")

    def test_traces_without_the_prompt_unless_asked(self):
        self.draw("a red circle", "x.png", "--trace", "trace")
        self.draw("a red circle", "x.png", "--trace", "trace")
        self.draw("a red circle", "x.png", "--trace", "trace", "--no-cache")
        self.draw("a red circle", "x.png", "--trace", "trace", "--trace-prompts")
        lines = self.read("trace").decode().splitlines()
        events = [json.loads(line) for line in lines]
        self.assertEqual([e["event"] for e in events], ["miss", "hit", "bypassed", "hit"])
        self.assertEqual(len({e["key"] for e in events}), 1)
        self.assertTrue(all(e["namespace"] == "default" and e["times_ms"]["total"] > 0 for e in events))
        self.assertNotIn("circle", "".join(lines[:3]))
        self.assertEqual(events[3]["prompt"], "a red circle")
        self.assertEqual(os.stat(os.path.join(self.work, "trace")).st_mode & 0o777, 0o600)

    def test_traces_into_a_pipe_that_is_full_at_times(self):
        pipe = os.path.join(self.work, "pipe")
        os.mkfifo(pipe)
        prompt = "a red circle " * 20000  # more than a pipe holds
        self.write("list", prompt + "\n" + prompt + "\n")
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        process = self.start("draw", "--from", "list", "-o", "out", "--trace", "pipe", "--trace-prompts", *QUICK)
        traced = b""
        while process.poll() is None:
            time.sleep(0.02)  # so that it stays full
            try:
                traced += os.read(reader, 65536)
            except BlockingIOError:
                pass
        while piece := os.read(reader, 65536):
            traced += piece
        os.close(reader)
        out, err = process.communicate()
        self.assertEqual(process.returncode, 0, err)
        events = [json.loads(line) for line in traced.splitlines()]
        self.assertEqual([event["event"] for event in events], ["miss", "hit"])
        self.assertTrue(all(len(event["prompt"]) > 200000 for event in events))

    def test_draws_on_when_the_reader_of_its_trace_goes_away(self):
        pipe = os.path.join(self.work, "pipe")
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        process = self.start("draw", "a red circle", "-o", "x.png", "--count", "2", "--trace", "pipe", *QUICK)
        opened = f"/proc/{process.pid}/fd"
        while not any(os.path.realpath(os.path.join(opened, fd)) == os.path.realpath(pipe) for fd in os.listdir(opened)):
            time.sleep(0.001)
        os.close(reader)
        out, err = process.communicate(timeout=240)
        self.assertEqual(process.returncode, 0, err)
        self.assertEqual(err.decode().count("cannot write all of the trace file 'pipe'"), 1, err)
        self.assertEqual(self.files(), ["pipe", "x-1.png", "x-2.png"])

    def test_a_name_is_told_on_one_line(self):
        self.write("file", "not a folder")
        code, out, err = self.run_zimg("draw", "a red circle", "-o", "x\ny.png", *QUICK, "--cache", "lmdb:file/x\nzimg: done")
        self.assertEqual((code, len(out.splitlines())), (0, 1), err)
        self.assertIn("x\\x0ay.png", out)
        self.assertIn("x\\x0azimg: done", err)

    def test_counts_seeds_up(self):
        lines = self.succeed("draw", "a red circle", "-o", "circle.png", "--count", "3", "--json", *QUICK).splitlines()
        reports = [json.loads(line) for line in lines]
        self.assertEqual([r["seed"] for r in reports], [42, 43, 44])
        self.assertEqual(self.files(), ["circle-1.png", "circle-2.png", "circle-3.png"])
        self.assertEqual(len({self.read(name) for name in self.files()}), 3)

    def test_draws_a_fresh_picture_for_a_random_seed(self):
        reports = [self.draw("a red circle", "x.png", "--seed", "random") for _ in range(2)]
        self.assertEqual([r["outcome"] for r in reports], ["drawn", "drawn"])
        self.assertNotEqual(reports[0]["seed"], reports[1]["seed"])

    def test_writes_a_JPEG_where_the_name_or_the_option_says_so(self):
        by_name = self.draw("a red circle", "a.JPG")
        by_option = self.draw("a red circle", "b.bin", "--format", "jpeg", "--quality", "50")
        for report, name in ((by_name, "a.JPG"), (by_option, "b.bin")):
            self.assertEqual(report["format"], "jpeg")
            self.assertEqual(self.read(name)[:2], b"\xff\xd8")
        self.assertEqual(by_name["key"], by_option["key"])
        self.assertLess(by_option["bytes"], by_name["bytes"])
        again = self.draw("a red circle", "c.jpg")
        self.assertEqual(again["outcome"], "hit")
        self.assertEqual(self.read("c.jpg"), self.read("a.JPG"))
        for name in ("d.jfif", "e.JPE"):
            self.assertEqual(self.draw("a red circle", name)["format"], "jpeg")

    def test_writes_parameters_into_the_file_unless_told_not_to(self):
        self.draw("a red circle 红色", "with.png")
        plain = self.draw("a red circle 红色", "without.png", "--no-parameters")
        texts = {t["keyword"]: t["text"] for t in json.loads(self.succeed("inspect", "with.png", "--json"))["texts"]}
        self.assertIn("a red circle 红色", texts["parameters"])
        self.assertEqual(json.loads(texts["zimg"])["prompt"], "a red circle 红色")
        self.assertEqual(json.loads(self.succeed("inspect", "without.png", "--json"))["texts"], [])
        self.assertNotIn("payload_sha256", plain)
        self.assertNotIn("红色".encode(), self.read("without.png"))

    def test_stores_the_picture_without_the_prompt(self):
        report = self.draw("a red circle", "with.png")
        self.succeed("cache", "get", report["key"], "-o", "stored.png")
        self.assertEqual(sha256(self.read("stored.png")), report["payload_sha256"])
        self.draw("a red circle", "without.png", "--no-parameters")
        self.assertEqual(self.read("stored.png"), self.read("without.png"))

    def test_says_once_what_the_built_in_model_is(self):
        code, out, err = self.run_zimg("draw", "a red circle", "-o", "x.png", "--count", "2", *QUICK)
        self.assertEqual(code, 0, err)
        self.assertEqual(err.count("built-in model"), 1)
        self.assertIn("hf download Tongyi-MAI/Z-Image-Turbo", err)
        self.assertTrue(all(len(line) <= 80 for line in err.splitlines()), err)
        self.assertEqual(len(out.splitlines()), 2)
        self.assertNotIn("\r", err)  # no progress bar where stderr is no terminal

    def test_its_progress_stays_on_one_line_of_any_terminal(self):
        for columns in (20, 40, 80):
            own, its = pty.openpty()
            fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            done = subprocess.run([PROGRAM, "draw", "a", "-o", "x.png", "--no-cache", "--size", "64x64", "--steps", "40"], cwd=self.work,
                                  env=self.environment, stdout=subprocess.DEVNULL, stderr=its)
            os.close(its)
            shown = b""
            while True:
                try:
                    shown += os.read(own, 65536)
                except OSError:  # all is read
                    break
            os.close(own)
            self.assertEqual(done.returncode, 0)
            lines = [line for line in shown.split(b"\r") if line.startswith(b"drawing")]
            self.assertTrue(lines)
            self.assertLess(max(map(len, lines)), columns)
            self.assertTrue(all(re.match(rb"drawing (\[#*\.*\] )?\d+/40\b", line) for line in lines), lines)
            self.assertEqual(any(b"#" in line for line in lines), True)

    def test_pins_what_was_there_before(self):
        self.draw("a red circle", "x.png")
        self.assertFalse(json.loads(self.succeed("cache", "list", "--json"))["pinned"])
        self.assertEqual(self.draw("a red circle", "x.png", "--pin")["outcome"], "hit")
        self.assertTrue(json.loads(self.succeed("cache", "list", "--json"))["pinned"])

    def test_draws_an_empty_prompt(self):
        self.assertEqual(self.draw("", "x.png")["outcome"], "drawn")

    def test_takes_a_prompt_that_looks_like_something_else(self):
        for prompt in ("cache", "draw", "{}", "[1,2]", "a=b", '"quoted"', "%", "a\nb"):
            self.assertEqual(self.draw(prompt, "x.png")["path"], "x.png")
        self.succeed("draw", "-o", "x.png", *QUICK, "--", "--steps")

    def test_replaces_a_picture_in_one_step(self):
        self.write("x.png", "something else")
        os.link(os.path.join(self.work, "x.png"), os.path.join(self.work, "kept"))
        self.draw("a red circle", "x.png")
        png_size(self.read("x.png"))
        self.assertEqual(self.read("kept"), b"something else")  # the old file was not written into

    def test_writes_where_a_link_points(self):
        os.mkdir(os.path.join(self.work, "elsewhere"))
        os.symlink("elsewhere/x.png", os.path.join(self.work, "x.png"))
        self.draw("a red circle", "x.png")
        self.assertTrue(os.path.islink(os.path.join(self.work, "x.png")))
        png_size(self.read("elsewhere/x.png"))

    def test_draws_though_the_cache_cannot_be_used(self):
        self.write("file", "not a folder")
        broken = [{"XDG_CACHE_HOME": os.path.join(self.work, "file")}, {"ZIMG_CACHE": "lmdb:/proc/nowhere"},
                  {"ZIMG_CACHE": "lmdb:" + os.path.join(self.work, "file")},
                  {"ZIMG_CACHE": "lmdb:", "XDG_CACHE_HOME": "", "HOME": ""}]
        for environment in broken:
            code, out, err = self.run_zimg("draw", "a red circle", "-o", "x.png", "--json", *QUICK,
                                           environment=environment)
            self.assertEqual(code, 0, err)
            self.assertIn("zimg: warning: ", err)
            self.assertEqual(json.loads(out)["outcome"], "drawn")
            self.assertEqual(json.loads(out)["stored"], "no")

    def test_serves_several_processes_at_once(self):
        started = [self.start("draw", "a red circle", "-o", f"{i}.png", "--json", *QUICK) for i in range(4)]
        reports = []
        for process in started:
            out, err = process.communicate(timeout=240)
            self.assertEqual(process.returncode, 0, err)
            reports.append(json.loads(out))
        self.assertEqual(len({r["key"] for r in reports}), 1)
        self.assertEqual(len({self.read(f"{i}.png") for i in range(4)}), 1)


if __name__ == "__main__":
    main()
