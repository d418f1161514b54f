"""What a program should not do, and what becomes of it: a sentence, never a crash."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest
from typing import Callable

import zimg
from support import MODEL, Painter, ZimgTest, ignored_exceptions, options_of, small


class TextTest(ZimgTest):
    def test_refuses_nul_and_lone_surrogates_everywhere(self) -> None:
        bad: dict[str, object] = {}
        for name, text, part in (("a NUL", "a\0b", "NUL"), ("a lone surrogate", "a\ud800b", "lone surrogate")):
            bad = {
                "prompt": lambda: self.generator.generate(text),
                "negative prompt": lambda: self.generator.key(zimg.Request(negative_prompt=text)),
                "namespace": lambda: self.generator.key(zimg.Request(namespace=text)),
                "tag": lambda: self.generator.key(zimg.Request(tag=text)),
                "cache URL": lambda: zimg.open_cache(text),
                "model": lambda: zimg.Generator(zimg.Options(model=text)),
                "secret's namespace": lambda: zimg.Generator(zimg.Options(namespace_secrets={text: b"s" * 16})),
                "purge filter": lambda: self.cache.purge(zimg.PurgeFilter(tag=text)),
                "key": lambda: zimg.Key.from_hex(text),
                "article": lambda: zimg.article_key(text, "", "{}"),
                "description": lambda: zimg.wrap_cache(_Nothing(), text),
                "path": lambda: zimg.inspect_model(text),
                "tokenizer": lambda: zimg.Tokenizer(text),
                "policy": lambda: zimg.memory_cache(1000, zimg.Policy([zimg.NamespaceRule(text)])),
                "entry": lambda: self.cache.store(zimg.Key(bytes(32)), zimg.Entry(b"x", namespace=text)),
                "bundle": lambda: zimg.export_bundle(self.cache, text),
            }
            for what, call in bad.items():
                with self.subTest(f"{name} in the {what}"):
                    self.refused(zimg.InvalidArgumentError, part, call)  # type: ignore[arg-type]

    def test_takes_any_sound_text(self) -> None:
        for prompt in ("", "蓝色", "🐈‍⬛", "a\nb"):
            self.assertEqual(len(self.generator.key(prompt).octets), 32)


class NumberTest(ZimgTest):
    def test_refuses_numbers_that_c_would_cut(self) -> None:
        for name, value in (("width", 2**32 + 64), ("steps", -1), ("seed", 2**64), ("seed", -1)):
            with self.subTest(name):
                request = small()
                setattr(request, name, value)
                self.refused(zimg.InvalidArgumentError, name, lambda: self.generator.generate(request))

    def test_refuses_half_a_size_and_enumerators_that_are_none(self) -> None:
        self.refused(zimg.InvalidArgumentError, "height", lambda: self.generator.generate(zimg.Request(width=64)))
        request = small()
        request.match_level = 7  # type: ignore[assignment]
        with self.assertRaises(zimg.InvalidArgumentError):
            self.generator.key(request)

    def test_takes_no_number_for_octets_and_all_of_a_view(self) -> None:
        calls: dict[str, Callable[[], object]] = {
            "payload": lambda: self.cache.store(zimg.Key(bytes(32)), zimg.Entry(5)),  # type: ignore[arg-type]
            "payload_sha256": lambda: self.cache.store(
                zimg.Key(bytes(32)), zimg.Entry(b"x", payload_sha256=32)  # type: ignore[arg-type]
            ),
            "secret": lambda: zimg.Generator(zimg.Options(namespace_secrets={"a": 16})),  # type: ignore[dict-item]
        }
        for what, call in calls.items():
            with self.subTest(what), self.assertRaisesRegex(TypeError, what):
                call()
        secret = bytes(range(32))
        request = small()
        request.namespace = "a"
        keys = [
            zimg.Generator(options_of(Painter(), namespace_secrets={"a": kept})).key(request)
            for kept in (secret, memoryview(secret).cast("I"), secret[:16])
        ]
        self.assertEqual(keys[0], keys[1])
        self.assertNotEqual(keys[0], keys[2])

    def test_refuses_a_picture_of_ten_gigabytes(self) -> None:
        request = zimg.Request("x", width=65536, height=65536)
        self.refused(zimg.InvalidArgumentError, "65536", lambda: self.generator.generate(request))


class CallbackTest(ZimgTest):
    def test_a_progress_callback_that_raises_ends_its_request_with_that(self) -> None:
        self.painter.steps = 3

        def fail(progress: zimg.Progress) -> None:
            raise ZeroDivisionError("in the callback")

        request = small()
        request.on_progress = fail
        with self.assertRaisesRegex(ZeroDivisionError, "in the callback"):
            self.generator.generate(request)
        self.assertTrue(self.generator.generate(small()).bytes)

    def test_a_progress_callback_that_asks_for_a_picture_is_told_no(self) -> None:
        self.painter.steps = 1
        request = small()
        request.on_progress = lambda progress: self.generator.generate(small("another"))
        with self.assertRaises(zimg.InvalidArgumentError):
            self.generator.generate(request)

    def test_a_progress_callback_may_ask_another_generator(self) -> None:
        self.painter.steps = 1
        answers: list[zimg.Result] = []
        with zimg.Generator(options_of(Painter()), self.cache) as other:
            request = small()
            request.on_progress = lambda progress: answers.append(other.generate(small("another")))
            self.generator.generate(request)
        self.assertEqual(len(answers), 2)

    def test_a_pipeline_that_raises_fails_the_request(self) -> None:
        for raised, kind, part in (
            (zimg.DeviceError("no paint"), zimg.DeviceError, "no paint"),
            (ValueError("bad \ud800 text"), zimg.InternalError, "ValueError: bad ? text"),
            (MemoryError("full"), zimg.OutOfMemoryError, "full"),
            (zimg.Error("all is well", zimg.Status.OK), zimg.InternalError, "all is well"),
            (zimg.Error("a number", 0), zimg.InternalError, "a number"),  # type: ignore[arg-type]
            (_Mute(), zimg.InternalError, "_Mute: an exception whose text cannot be made"),
        ):

            def fail(drawing: zimg.Drawing, failure: Exception = raised) -> None:
                raise failure

            self.painter.before = fail
            self.refused(kind, part, lambda: self.generator.generate(small()))
        self.painter.before = None
        self.assertEqual(self.generator.generate(small()).outcome, zimg.Outcome.DRAWN)

    def test_a_pipeline_that_draws_another_size_or_no_picture_fails_the_request(self) -> None:
        class Liar(zimg.Pipeline):
            picture: object = None

            def draw(self, drawing: zimg.Drawing) -> zimg.Picture:
                return self.picture  # type: ignore[return-value]

        liar = Liar()
        for picture in (None, zimg.Picture(64, 63, bytes(64 * 63 * 3)), zimg.Picture(64, 64, b"short")):
            liar.picture = picture
            with zimg.Generator(zimg.Options(model=MODEL, pipeline=liar, pipeline_identity="liar")) as generator:
                with self.assertRaises(zimg.Error):
                    generator.generate(small())

    def test_a_trace_that_raises_fails_nothing(self) -> None:
        with zimg.Generator(options_of(self.painter, on_trace=lambda event: 1 // 0)) as generator:
            self.assertEqual(generator.generate(small()).outcome, zimg.Outcome.DRAWN)

    def test_a_hashing_listener_that_raises_fails_the_call_it_came_from_and_no_other(self) -> None:
        model = shutil.copytree(MODEL, self.folder + "/model")  # other files, whose digests nobody remembers
        options = options_of(self.painter, model=model, on_hashing=lambda done, total: 1 // 0)
        asks: list[Callable[[zimg.Generator], object]] = [lambda it: it.key(small()), lambda it: it.generate(small())]
        for ask in asks:
            shutil.copytree(model, model + "2")
            shutil.rmtree(model)
            os.rename(model + "2", model)
            with zimg.Generator(options, self.cache) as generator:
                self.assertRaises(ZeroDivisionError, ask, generator)
                self.assertEqual(len(generator.key(small()).octets), 32)


class ClosingTest(ZimgTest):
    def test_who_waits_for_a_job_that_is_closed_is_told_what_became_of_it(self) -> None:
        self.painter.is_open.clear()
        job = self.generator.start(small())
        told: list[BaseException] = []

        def wait() -> None:
            try:
                job.result()
            except BaseException as failure:
                told.append(failure)

        waiting = threading.Thread(target=wait)
        waiting.start()
        self.assertTrue(self.painter.is_waiting.wait(10))
        time.sleep(0.1)  # by then it waits
        job.close()
        waiting.join(10)
        self.assertEqual([type(failure) for failure in told], [zimg.CancelledError])

    def test_a_progress_callback_may_close_its_job_and_raise(self) -> None:
        self.painter.steps = 3
        jobs: list[zimg.Job] = []
        is_started, ignored = threading.Event(), ignored_exceptions(self)
        request = small()

        def close(progress: zimg.Progress) -> None:
            is_started.wait()
            jobs[0].close()
            raise ZeroDivisionError("after it was closed")

        request.on_progress = close
        jobs.append(self.generator.start(request))
        waiting = threading.Thread(target=lambda: self.assertRaises(ZeroDivisionError, jobs[0].result))
        waiting.start()
        time.sleep(0.1)
        is_started.set()
        waiting.join(10)
        self.assertFalse(waiting.is_alive())
        self.assertEqual(ignored, [])

    def test_closes_twice_and_says_closed_after(self) -> None:
        job = self.generator.start(small())
        job.result(10)
        for thing, use in (
            (job, lambda: job.is_done),
            (self.generator, lambda: self.generator.generate(small())),
            (self.cache, lambda: self.cache.stats()),
        ):
            thing.close()
            thing.close()
            self.refused(zimg.ClosedError, "closed", use)

    def test_closing_while_others_draw_and_wait_lets_them_end(self) -> None:
        self.painter.is_open.clear()
        outcomes: list[object] = []

        def draw() -> None:
            try:
                outcomes.append(self.generator.generate(small()).outcome)
            except zimg.Error as error:
                outcomes.append(error)

        threads = [threading.Thread(target=draw) for _ in range(8)]
        job = self.generator.start(small("another"))
        for thread in threads:
            thread.start()
        self.assertTrue(self.painter.is_waiting.wait(10))
        time.sleep(0.1)
        self.generator.close()
        self.painter.is_open.set()
        for thread in threads:
            thread.join(20)
        self.assertEqual(len(outcomes), 8)
        self.assertEqual(outcomes.count(zimg.Outcome.DRAWN), 1)
        self.assertEqual(outcomes.count(zimg.Outcome.JOINED), 7)
        self.assertEqual(job.result(10).outcome, zimg.Outcome.DRAWN)

    def test_closing_from_many_threads_while_many_ask(self) -> None:
        for _ in range(20):
            generator = zimg.Generator(options_of(self.painter), self.cache)
            generator.generate(small())
            errors: list[BaseException] = []

            def ask(of: zimg.Generator = generator) -> None:
                try:
                    for _ in range(100):
                        of.generate(small())
                except zimg.ClosedError:
                    pass
                except BaseException as error:
                    errors.append(error)

            threads = [threading.Thread(target=ask) for _ in range(4)]
            threads += [threading.Thread(target=generator.close) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(20)
            self.assertEqual(errors, [])

    def test_closing_from_a_callback(self) -> None:
        self.painter.steps = 1
        request = small()
        request.on_progress = lambda progress: self.generator.close()
        self.assertEqual(self.generator.generate(request).outcome, zimg.Outcome.DRAWN)

    def test_a_job_dropped_in_its_own_callback(self) -> None:
        self.painter.steps = 1
        jobs: list[zimg.Job] = []
        request = small()
        done = threading.Event()

        def drop(progress: zimg.Progress) -> None:
            while not jobs:
                time.sleep(0.001)
            jobs[0].close()
            done.set()

        request.on_progress = drop
        jobs.append(self.generator.start(request))
        self.assertTrue(done.wait(10))
        self.refused(zimg.ClosedError, "closed", lambda: jobs[0].result(1))

    def test_a_cache_closed_under_a_generator_costs_time_and_no_picture(self) -> None:
        self.generator.generate(small())
        self.cache.close()
        self.assertEqual(len(self.generator.generate(small()).bytes) > 0, True)


class ForkTest(ZimgTest):
    def in_child(self, run: object) -> int:
        """Runs it in a forked child, which exits with 0 where it returns something true."""
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = 0 if run() else 2  # type: ignore[operator]
            finally:
                os._exit(status)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return -1

    def test_a_child_is_told_closed_and_may_close(self) -> None:
        self.painter.is_open.clear()
        job = self.generator.start(small("in flight"))
        self.assertTrue(self.painter.is_waiting.wait(10))

        def child() -> bool:
            for call in (lambda: self.generator.generate(small()), lambda: self.generator.key(small()), job.wait):
                try:
                    call()
                    return False
                except zimg.ClosedError:
                    pass
            self.generator.close()
            job.close()
            self.cache.close()
            gc.collect()
            return True

        self.assertEqual(self.in_child(child), 0)
        self.painter.is_open.set()
        self.assertEqual(job.result(10).outcome, zimg.Outcome.DRAWN)

    def test_a_child_may_make_its_own(self) -> None:
        self.generator.generate(small())

        def child() -> bool:
            with zimg.Generator(options_of(Painter()), zimg.memory_cache(1 << 20)) as generator:
                return generator.generate(small()).outcome == zimg.Outcome.DRAWN

        self.assertEqual(self.in_child(child), 0)


class ProcessTest(ZimgTest):
    def test_ctrl_c_is_heard_while_a_job_is_waited_for(self) -> None:
        self.painter.is_open.clear()
        with self.generator.start(small()) as job:
            self.assertTrue(self.painter.is_waiting.wait(10))
            threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
            with self.assertRaises(KeyboardInterrupt):
                job.result(20)

    def test_a_library_that_is_not_there_is_named(self) -> None:
        environment = {**os.environ, "ZIMG_LIBRARY": "/nowhere/libzimg.so.0"}
        run = subprocess.run([sys.executable, "-c", "import zimg"], env=environment, capture_output=True, text=True)
        self.assertIn("/nowhere/libzimg.so.0", run.stderr.splitlines()[-1])
        self.assertIn("ImportError", run.stderr)


class _Nothing(zimg.CacheBackend):
    def find(self, key: zimg.Key) -> None:
        return None

    def store(self, key: zimg.Key, entry: zimg.Entry) -> None:
        return None

    def erase(self, key: zimg.Key) -> bool:
        return False


class _Mute(Exception):
    def __str__(self) -> str:
        raise ValueError("no text")


if __name__ == "__main__":
    unittest.main()
