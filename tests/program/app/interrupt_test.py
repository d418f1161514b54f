"""Ctrl-C at any moment: exit code 130, nothing half-written, the store intact."""
import json
import os
import random
import shutil
import signal
import subprocess
import time

from program import PROGRAM, ProgramTest, main, needs_engine, png_size

LONG = ["--steps", "1000", "--size", "256x256"]


def hears(process, one=signal.SIGINT):
    """Whether the program has got so far as to catch a signal."""
    with open(f"/proc/{process.pid}/status") as status:
        caught = next(line.split()[1] for line in status if line.startswith("SigCgt:"))
    return int(caught, 16) >> (one - 1) & 1 == 1


def hears_hang_ups():
    """In a child before it is zimg: these tests may be run under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Reading(ProgramTest):
    def reading(self, *arguments, **settings):
        """A process in the middle of its input: what a pipe cannot hold has been read."""
        process = subprocess.Popen([PROGRAM, *arguments], cwd=self.work, env=self.environment, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, **settings)
        for stream in (process.stdin, process.stdout, process.stderr):
            self.addCleanup(stream.close)
        self.addCleanup(process.kill)
        process.stdin.write(b" " * (2 << 20))
        process.stdin.flush()
        return process

    def test_stops_while_it_waits_for_its_list(self):
        for command in (["key", "--from", "-"], ["draw", "-o", "out", "--from", "-"], ["prewarm", "-"],
                        ["inspect", "--tokens-from", "-"]):
            process = self.reading(*command)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(timeout=30), 130, command)  # its input is still open

    def test_stops_when_the_terminal_hangs_up(self):
        process = self.reading("key", "--from", "-", preexec_fn=hears_hang_ups)
        process.send_signal(signal.SIGHUP)
        self.assertEqual(process.wait(timeout=30), 130)

    def test_goes_on_without_a_terminal_under_nohup(self):
        process = self.reading("inspect", "--tokens-from", "-", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        process.send_signal(signal.SIGHUP)
        out, err = process.communicate(b'"a"\n', timeout=30)
        self.assertEqual((process.returncode, len(json.loads(out))), (0, 1), err)

    def test_is_no_wrong_use_when_the_list_ends_with_it(self):
        process = self.reading("key", "--from", "-")
        process.send_signal(signal.SIGINT)
        process.stdin.close()
        self.assertEqual(process.wait(timeout=30), 130)


class Inspecting(ProgramTest):
    def test_a_model_that_was_not_waited_for_is_not_told_of(self):
        shutil.copytree(json.loads(self.succeed("inspect", "--json"))["path"], os.path.join(self.work, "model"))
        weights = os.path.join(self.work, "model", "vae", "diffusion_pytorch_model.safetensors")
        os.truncate(weights, 2 << 30)  # holes, which take seconds to hash
        process = self.start("inspect", "model", "--identity")
        self.addCleanup(process.kill)
        end = time.monotonic() + 30
        while not hears(process) and time.monotonic() < end:
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
        self.assertEqual((process.returncode, out), (130, b""), err)


class Converting(ProgramTest):
    def stop_twice(self, model, signals, pause):
        """The exit code of a conversion that is told to stop twice in the middle."""
        process = self.start("convert", model, "out", "--dtype", "fp32", preexec_fn=hears_hang_ups)
        while not self.files() and process.poll() is None:
            time.sleep(0.0005)
        for one in signals:
            process.send_signal(one)
            time.sleep(pause)
        process.communicate(timeout=60)
        return process.returncode

    def check_nothing_stays(self, signals, pause):
        model = json.loads(self.succeed("inspect", "--json"))["path"]
        codes = []
        while codes.count(130) < 3 and len(codes) < 30:  # it may be done before the signal comes
            codes.append(self.stop_twice(model, signals, pause))
            self.assertIn(codes[-1], (0, 130))
            self.assertEqual(self.files(), ["out"] if codes[-1] == 0 else [])
            shutil.rmtree(os.path.join(self.work, "out"), ignore_errors=True)
        self.assertIn(130, codes)

    def test_leaves_no_half_made_folder_when_the_terminal_hangs_up(self):
        self.check_nothing_stays([signal.SIGHUP] * 2, 0.002)  # of which two tell it

    def test_leaves_no_half_made_folder_to_somebody_in_a_hurry(self):
        self.check_nothing_stays([signal.SIGINT, signal.SIGINT, signal.SIGTERM], 0.0004)


@needs_engine
class Interrupt(ProgramTest):
    def stop(self, process, after, signals=(signal.SIGINT,)):
        time.sleep(after)
        for one in signals:
            process.send_signal(one)
            time.sleep(0.01)
        out, err = process.communicate(timeout=60)
        return process.returncode, out.decode(), err.decode()

    def test_stops_a_drawing(self):
        for one in (signal.SIGINT, signal.SIGTERM):
            process = self.start("draw", "a red circle", "-o", "x.png", *LONG)
            code, out, err = self.stop(process, 2, [one])
            self.assertEqual(code, 130, err)
            self.assertEqual(out, "")
            self.assertEqual(self.files(), [])

    def test_stops_while_nobody_empties_the_pipe_of_its_trace(self):
        self.draw("a red circle", "x.png")
        self.write("list", "a red circle\n" * 3)
        pipe = os.path.join(self.work, "pipe")
        os.mkfifo(pipe)
        for way in (os.O_RDONLY, os.O_WRONLY):
            end = os.open(pipe, way | os.O_NONBLOCK)
            self.addCleanup(os.close, end)
        with self.assertRaises(BlockingIOError):
            while True:
                os.write(end, b" " * 4096)
        process = self.start("draw", "--from", "list", "-o", "out", "--trace", "pipe", "--size", "64x64", "--steps", "1")
        self.addCleanup(process.kill)
        code, _, err = self.stop(process, 2)  # longer than it takes to find the first
        self.assertEqual(code, 130, err)
        self.assertIn("cannot write all of the trace file 'pipe'", err)

    def test_stops_at_once_the_second_time(self):
        process = self.start("draw", "a red circle", "-o", "x.png", *LONG)
        code, _, _ = self.stop(process, 0.5, [signal.SIGINT, signal.SIGINT])
        self.assertEqual(code, 130)
        self.assertEqual(self.files(), [])

    def test_at_any_moment_leaves_whole_pictures_and_a_sound_store(self):
        self.write("list", "".join(f'{{"prompt": "circle", "seed": {i}}}\n' for i in range(1000)))
        moment = random.Random(1)
        for _ in range(8):
            process = self.start("draw", "--from", "list", "-o", "out", "--json", "--size", "64x64", "--steps", "1")
            code, out, err = self.stop(process, moment.uniform(0.02, 3))
            # Before the program listens, a signal ends it as it ends any program.
            self.assertIn(code, (130, -signal.SIGINT), err)
            for name in self.files("out") if os.path.isdir(os.path.join(self.work, "out")) else []:
                self.assertRegex(name, r"^\d{5}\.png$")
                self.assertEqual(png_size(self.read("out/" + name)), (64, 64))
            for line in out.splitlines():
                self.assertEqual(json.loads(line)["stored"], "yes")
        self.assertEqual(json.loads(self.succeed("cache", "verify", "--json"))["damaged"], 0)


if __name__ == "__main__":
    main()
