"""Threads: a picture is whole whatever OpenMP is told about them, and its strict key says how many drew it."""
from program import ProgramTest, main, needs_engine

# So large that the built-in model is drawn with more threads than one.
DRAWING = ["--size", "640x640", "--steps", "2", "--device", "cpu"]


@needs_engine
class Threads(ProgramTest):
    def picture(self, threads, dtype, **environment):
        self.draw("a red circle", "x.png", *DRAWING, "--threads", threads, "--dtype", dtype, "--no-cache",
                  environment=environment)
        return self.read("x.png")

    def key(self, threads, **environment):
        return self.succeed("key", "a red circle", "--fingerprint", "strict", "--dtype", "fp32", "--device", "cpu",
                            "--threads", threads, environment=environment)

    def test_a_limit_draws_what_so_many_threads_draw(self):
        for dtype in ("bf16", "fp32"):
            self.assertEqual(self.picture("8", dtype, OMP_THREAD_LIMIT="7"), self.picture("7", dtype), dtype)
            self.assertEqual(self.picture("8", dtype, OMP_MAX_ACTIVE_LEVELS="0"), self.picture("1", dtype), dtype)

    def test_teams_do_not_shrink_on_a_busy_machine(self):
        for dtype in ("bf16", "fp32"):
            self.assertEqual(self.picture("8", dtype, OMP_DYNAMIC="true"), self.picture("8", dtype), dtype)

    def test_a_strict_key_tells_how_many_there_are(self):
        unlimited = self.key("8")
        self.assertEqual(self.key("8", OMP_THREAD_LIMIT="7"), self.key("7"))
        self.assertNotEqual(self.key("7"), unlimited)
        self.assertEqual(self.key("8", OMP_DYNAMIC="true"), unlimited)
        self.assertEqual(self.key("8", OMP_MAX_ACTIVE_LEVELS="0"), self.key("1"))


if __name__ == "__main__":
    main()
