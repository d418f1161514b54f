"""Generators, requests, results and jobs."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import unittest

import zimg
from support import CAN_DRAW, HAS_PACKAGES, ZimgTest, options_of, small


class GeneratorTest(ZimgTest):
    def test_draws_and_then_finds(self) -> None:
        first = self.generator.generate(small())
        self.generator.drain()
        second = self.generator.generate(small())
        self.assertEqual([first.outcome, second.outcome], [zimg.Outcome.DRAWN, zimg.Outcome.HIT])
        self.assertEqual(first.bytes, second.bytes)
        self.assertTrue(second.is_hit and second.report.is_hit)
        self.assertEqual(self.painter.drawings, 1)
        self.assertEqual(first.refresh_stored(), zimg.Stored.YES)
        self.assertEqual(first.report.stages_ms[zimg.Stage.DENOISE], 12.5)

    def test_takes_a_prompt_alone(self) -> None:
        result = self.generator.generate("a red circle")
        self.assertEqual((result.width, result.height), (128, 96))  # the model's own

    def test_shows_a_result_in_many_ways(self) -> None:
        result = self.generator.generate(small())
        self.assertEqual(bytes(result.view), result.bytes)
        self.assertEqual(result.picture().rgb, self.generator.generate(small()).picture().rgb)
        result.save(self.folder + "/picture.png")
        with open(self.folder + "/picture.png", "rb") as file:
            self.assertEqual(file.read(), result.bytes)
        self.assertEqual(result._repr_png_(), result.bytes)

    def test_a_view_outlives_its_result(self) -> None:
        result = self.generator.generate(small())
        copy, view = result.bytes, result.view
        del result
        gc.collect()
        self.assertEqual(bytes(view), copy)
        with self.assertRaises(TypeError):
            view[0] = 1

    @unittest.skipUnless(HAS_PACKAGES, "this Python has no numpy and Pillow of the tests")
    def test_gives_numpy_and_pillow_their_views(self) -> None:
        import numpy

        result = self.generator.generate(small())
        pixels = result.numpy()
        self.assertEqual((pixels.shape, pixels.dtype), ((64, 64, 3), numpy.uint8))
        self.assertEqual(result.pil().tobytes(), pixels.tobytes())

    def test_explains_its_keys(self) -> None:
        key = self.generator.key(small())
        self.assertEqual(key, zimg.Key.from_hex(str(key).upper()))
        fields = {field.name: field for field in self.generator.explain_key(small())}
        self.assertEqual(fields["prompt"].value, "a red circle")
        self.assertTrue(fields["prompt"].is_live)
        self.assertNotEqual(key, self.generator.key(small(seed=7)))

    def test_counts_and_times(self) -> None:
        for _ in range(3):
            self.generator.generate(small())
            self.generator.drain()
        metrics = self.generator.metrics()
        self.assertEqual((metrics[zimg.Count.HITS], metrics[zimg.Count.MISSES]), (2, 1))
        self.assertAlmostEqual(metrics.hit_rate, 2 / 3)
        self.assertEqual(len(metrics.buckets(zimg.Histogram.HIT)), len(zimg.histogram_bounds_ms()) + 1)
        self.assertEqual(sum(metrics.buckets(zimg.Histogram.HIT)), 2)
        self.assertGreater(metrics.sum_ms(zimg.Histogram.MISS), 0)
        self.assertGreater(metrics.quantile_ms(zimg.Histogram.MISS, 0.5), 0)
        self.assertGreater(metrics.saved_ms, 0)
        self.assertIn("# TYPE", metrics.prometheus())

    def test_tells_what_happens(self) -> None:
        events: list[zimg.TraceEvent] = []
        options = options_of(self.painter, on_trace=events.append, trace_prompts=True)
        with zimg.Generator(options, self.cache) as generator:
            generator.generate(small("told"))
            generator.drain()
            generator.generate(small("told"))
        self.assertEqual([event.kind for event in events], [zimg.TraceKind.MISS, zimg.TraceKind.HIT])
        self.assertEqual(events[0].prompt, "told")
        self.assertIn('"', events[0].json)
        self.assertIn(zimg.Stage.TOTAL, events[0].stages_ms)

    def test_lets_other_threads_run_while_it_draws(self) -> None:
        self.painter.is_open.clear()
        drawing = threading.Thread(target=self.generator.generate, args=(small(),))
        drawing.start()
        self.assertTrue(self.painter.is_waiting.wait(10))  # this thread runs, and so does the painter's
        self.painter.is_open.set()
        drawing.join(10)
        self.assertFalse(drawing.is_alive())

    def test_tells_its_progress(self) -> None:
        self.painter.steps = 3
        seen: list[tuple[int, int]] = []
        request = small()
        request.on_progress = lambda progress: seen.append((progress.step, progress.steps))
        self.generator.generate(request)
        self.assertEqual(seen, [(0, 3), (1, 3), (2, 3), (3, 3)])

    def test_prewarms(self) -> None:
        self.generator.generate(small("one"))
        self.generator.drain()
        told: list[int] = []
        report = self.generator.prewarm(
            [small("one"), (small("two"), 2.0), small("three"), small("four", seed=1)],
            zimg.Budget(pictures=2),
            on_progress=lambda counts: told.append(counts[zimg.Count.DONE]),
        )
        self.assertEqual(report.end, zimg.PrewarmEnd.PICTURES_SPENT)
        self.assertEqual((report.counts[zimg.Count.FOUND], report.counts[zimg.Count.DRAWN]), (1, 2))
        self.assertTrue(told)
        failing = self.generator.prewarm([zimg.Request("x", width=65, height=64)])
        self.assertEqual(failing.failures[0].status, zimg.Status.INVALID_ARGUMENT)

    def test_a_drawing_that_is_over_says_so(self) -> None:
        kept: list[zimg.Drawing] = []
        self.painter.before = kept.append
        self.generator.generate(small())
        self.refused(zimg.ClosedError, "over", lambda: kept[0].is_cancelled)
        self.refused(zimg.ClosedError, "over", lambda: kept[0].report_progress(0, 1))

    def test_a_drawing_is_over_once_its_threads_have_left_it(self) -> None:
        is_inside, may_leave = threading.Event(), threading.Event()

        def tell_from_a_thread(drawing: zimg.Drawing) -> None:
            if drawing.seed == 1:
                threading.Thread(target=drawing.report_progress, args=(0, 1)).start()
                is_inside.wait(10)

        def stay(_: zimg.Progress) -> None:
            is_inside.set()
            may_leave.wait(10)

        self.painter.before = tell_from_a_thread
        request = small(seed=1)
        request.on_progress = stay
        with self.generator.start(request) as job:
            self.assertTrue(is_inside.wait(10))
            with self.generator.start(small(seed=2)) as next_job:
                self.assertFalse(next_job.wait(0.2))  # for the drawing before it is not over
                may_leave.set()
                job.result(10)
                next_job.result(10)

    def test_takes_the_namespace_of_a_preset(self) -> None:
        request = small()
        request.preset = (zimg.preset_named("personal"), "anna")
        with zimg.open_cache("memory:?size=1MiB", zimg.Policy(presets=[request.preset])) as cache:  # type: ignore[union-attr]
            with zimg.Generator(options_of(self.painter), cache) as generator:
                self.assertIn("anna", generator.generate(request).report.namespace)


class JobTest(ZimgTest):
    def test_is_polled_and_waited_for(self) -> None:
        self.painter.is_open.clear()
        self.painter.steps = 2
        with self.generator.start(small()) as job:
            self.assertTrue(self.painter.is_waiting.wait(10))
            self.assertFalse(job.is_done)
            self.assertFalse(job.wait(0.05))
            with self.assertRaises(TimeoutError):
                job.result(0)
            self.painter.is_open.set()
            self.assertEqual(job.result(10).outcome, zimg.Outcome.DRAWN)
            self.assertEqual(job.progress, (2, 2))
            self.assertEqual(job.result().bytes, job.result().bytes)

    def test_cancels_before_twice_and_after(self) -> None:
        self.painter.is_open.clear()
        token = zimg.CancelToken()
        token.cancel()
        token.cancel()
        self.assertTrue(token.is_cancelled)
        request = small()
        request.cancel = token
        with self.assertRaises(zimg.CancelledError):
            self.generator.generate(request)
        self.assertEqual(self.painter.drawings, 0)
        with self.generator.start(small()) as job:
            self.assertTrue(self.painter.is_waiting.wait(10))
            job.cancel()
            job.cancel()
            with self.assertRaises(zimg.CancelledError):
                job.result(10)
            job.cancel()
        self.painter.is_open.set()
        with self.generator.start(small()) as done:
            first = done.result(10)
            done.cancel()
            self.assertEqual(done.result(10).bytes, first.bytes)

    def test_a_dropped_job_is_cancelled_and_waited_for(self) -> None:
        self.painter.is_open.clear()
        job = self.generator.start(small())
        self.assertTrue(self.painter.is_waiting.wait(10))
        started = time.monotonic()
        del job
        gc.collect()
        self.assertLess(time.monotonic() - started, 5)
        self.painter.is_open.set()
        self.assertEqual(self.generator.metrics()[zimg.Count.FAILED], 1)


class AsyncTest(ZimgTest):
    def test_draws_without_holding_the_loop(self) -> None:
        self.painter.is_open.clear()

        async def both() -> tuple[zimg.Result, int]:
            drawing = asyncio.create_task(self.generator.generate_async(small()))
            turns = 0
            while not self.painter.is_waiting.is_set():
                turns += 1
                await asyncio.sleep(0.001)
            self.painter.is_open.set()
            return await drawing, turns

        result, turns = asyncio.run(both())
        self.assertEqual(result.outcome, zimg.Outcome.DRAWN)
        self.assertGreater(turns, 0)

    def test_a_cancelled_task_ends_its_drawing(self) -> None:
        self.painter.is_open.clear()

        async def cancelled() -> None:
            drawing = asyncio.create_task(self.generator.generate_async(small()))
            while not self.painter.is_waiting.is_set():
                await asyncio.sleep(0.001)
            drawing.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await drawing

        asyncio.run(cancelled())
        self.assertEqual(self.generator.metrics()[zimg.Count.FAILED], 1)

    def test_gathers_equal_requests_into_one_drawing(self) -> None:
        async def ten() -> list[zimg.Result]:
            return await asyncio.gather(*(self.generator.generate_async(small("ten")) for _ in range(10)))

        results = asyncio.run(ten())
        self.assertEqual(len({result.bytes for result in results}), 1)
        self.assertEqual(self.painter.drawings, 1)

    def test_raises_what_went_wrong(self) -> None:
        with self.assertRaises(zimg.InvalidArgumentError):
            asyncio.run(self.generator.generate_async(zimg.Request("x", steps=0)))


@unittest.skipUnless(CAN_DRAW, "this build has no engine")
class EngineTest(ZimgTest):
    def test_draws_with_the_built_in_model(self) -> None:
        with zimg.Generator(cache=self.cache) as generator:
            self.assertTrue(generator.is_builtin_model)
            result = generator.generate(zimg.Request("a red circle", steps=2))
            self.assertFalse(result.report.is_flat)
            self.assertEqual(result.report.model, generator.model_name)
        self.assertTrue(zimg.locate_engine().endswith("libzimg_torch.so"))


if __name__ == "__main__":
    unittest.main()
