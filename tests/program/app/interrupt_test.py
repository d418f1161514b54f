"""Ctrl-C at any moment: exit code 130, nothing half-written, the store intact."""
import json
import os
import random
import signal
import subprocess
import time

from program import PROGRAM, ProgramTest, main, needs_engine, png_size

LONG = ["--steps", "1000", "--size", "256x256"]


class Reading(ProgramTest):
    def test_stops_while_it_waits_for_its_list(self):
        for command in (["key"], ["draw", "-o", "out"], ["prewarm"]):
            arguments = [*command, "-"] if command == ["prewarm"] else [*command, "--from", "-"]
            process = subprocess.Popen([PROGRAM, *arguments], cwd=self.work, env=self.environment,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            process.stdin.write(b'{"prompt": "half a li')
            process.stdin.flush()
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(timeout=30), 130, command)  # its input is still open
            for stream in (process.stdin, process.stdout, process.stderr):
                stream.close()


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
