using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Zimg.Tests
{
    public sealed class GeneratorTest : WithGenerator
    {
        public void DrawsAndThenFinds()
        {
            using (Result first = Generator.Generate(Painter.Small()))
            {
                Generator.Drain();
                using (Result second = Generator.Generate(Painter.Small()))
                {
                    Check.Equal(Outcome.Drawn, first.Outcome);
                    Check.Equal(Outcome.Hit, second.Outcome);
                    Check.True(second.IsHit && second.Report.IsHit, "a hit says so");
                    Check.Same(first.Bytes, second.Bytes);
                    Check.Equal(1, Painter.Drawings);
                    Check.Equal(Stored.Yes, first.RefreshStored());
                    Check.Equal(12.5, first.Report.StagesMs[Stage.Denoise]);
                }
            }
        }

        public void ShowsAResultInManyWays()
        {
            Stream stream;
            byte[] bytes;
            using (Result result = Generator.Generate(Painter.Small()))
            {
                bytes = result.Bytes;
                stream = result.OpenRead();
                Check.Equal(64 * 64 * 3, result.Decode().Rgb.Length);
                var buffer = new byte[bytes.Length + 5];
                Check.Equal(result.Length, result.CopyTo(buffer));
                Check.Same(bytes, buffer.Take(bytes.Length).ToArray());
                Check.Throws<ZimgException>(() => result.CopyTo(new byte[bytes.Length - 1]));
                string path = Path.Combine(Folder.Path, "picture.png");
                result.Save(path);
                Check.Same(bytes, File.ReadAllBytes(path));
            }
            GC.Collect();
            using (stream)
            {
                var read = new MemoryStream();
                stream.CopyTo(read);
                Check.Same(bytes, read.ToArray());
            }
            Check.Throws<ObjectDisposedException>(() => stream.ReadByte());
        }

        public void TakesAPromptAlone()
        {
            using (Result result = Generator.Generate("a red circle"))
            {
                Check.Equal(128, result.Width);  // the model's own
                Check.Equal(96, result.Height);
            }
        }

        public void ExplainsItsKeys()
        {
            Key key = Generator.Key(Painter.Small());
            Check.Equal(key, Key.FromHex(key.ToString().ToUpperInvariant()));
            Check.Equal(key.GetHashCode(), Key.FromHex(key.ToString()).GetHashCode());
            KeyField prompt = Generator.ExplainKey(Painter.Small()).Single(field => field.Name == "prompt");
            Check.Equal("a red circle", prompt.Value);
            Check.True(prompt.IsLive, "the prompt is live");
            Check.True(!key.Equals(Generator.Key(Painter.Small(seed: 7))), "another seed is another key");
        }

        public void CountsAndTimes()
        {
            for (int i = 0; i < 3; ++i)
            {
                Generator.Generate(Painter.Small()).Dispose();
                Generator.Drain();
            }
            using (Metrics metrics = Generator.Metrics())
            {
                Check.Equal(2ul, metrics[Count.Hits]);
                Check.Equal(1ul, metrics[Count.Misses]);
                Check.True(Math.Abs(metrics.HitRate - 2.0 / 3) < 1e-9, "two of three hit");
                Check.Equal(Metrics.BoundsMs.Count + 1, metrics.Buckets(Histogram.Hit).Count);
                Check.Equal(2ul, metrics.Buckets(Histogram.Hit).Aggregate((a, b) => a + b));
                Check.True(metrics.SumMs(Histogram.Miss) > 0, "a miss takes time");
                Check.True(metrics.QuantileMs(Histogram.Miss, 0.5) > 0, "and its quantile shows it");
                Check.True(metrics.SavedMs > 0, "hits save time");
                Check.Holds("# TYPE", metrics.Prometheus());
            }
        }

        public void TellsWhatHappens()
        {
            var events = new List<TraceEvent>();
            Options options = Painter.Options();
            options.OnTrace = events.Add;
            options.TracePrompts = true;
            using (var generator = new Generator(options, Cache))
            {
                generator.Generate("told").Dispose();
                generator.Drain();
                generator.Generate("told").Dispose();
            }
            Check.Equal(TraceKind.Miss, events[0].Kind);
            Check.Equal(TraceKind.Hit, events[1].Kind);
            Check.Equal("told", events[0].Prompt);
            Check.True(events[0].StagesMs.ContainsKey(Stage.Total), "the total is timed");
            Check.Holds("\"", events[0].Json);
        }

        public void TellsItsProgress()
        {
            Painter.Steps = 3;
            var seen = new Steps();
            using (Generator.Generate(Painter.Small(), default(CancellationToken), seen))
            {
                Check.Equal("0/3 1/3 2/3 3/3", string.Join(" ", seen.Seen));
            }
        }

        public void Prewarms()
        {
            Generator.Generate(Painter.Small("one")).Dispose();
            Generator.Drain();
            int told = 0;
            var list = new Prewarm { BudgetPictures = 2 }
                .Add(Painter.Small("one")).Add(Painter.Small("two"), 2).Add(Painter.Small("three"))
                .Add(Painter.Small("four", 1));
            PrewarmReport report = Generator.Prewarm(list, default(CancellationToken), _ => ++told > 0);
            Check.Equal(PrewarmEnd.PicturesSpent, report.End);
            Check.Equal(1ul, report.Counts[Count.Found]);
            Check.Equal(2ul, report.Counts[Count.Drawn]);
            Check.True(told > 0, "the run was told of");
            report = Generator.Prewarm(new Prewarm().Add(new Request("x") { Width = 65, Height = 64 }));
            Check.Equal(Status.InvalidArgument, report.Failures[0].Status);
        }

        public void TakesTheNamespaceOfAPreset()
        {
            Preset personal = Policy.PresetNamed("personal");
            using (Cache cache = Cache.Open("memory:?size=1MiB", new Policy().AddPreset(personal, "anna")))
            using (var generator = new Generator(Painter.Options(), cache))
            {
                Request request = Painter.Small();
                request.Preset = personal;
                request.PresetUser = "anna";
                using (Result result = generator.Generate(request))
                {
                    Check.Holds("anna", result.Report.Namespace);
                }
            }
        }

        public void JobsArePolledAndWaitedFor()
        {
            Painter.IsOpen.Reset();
            Painter.Steps = 2;
            using (Job job = Generator.Start(Painter.Small()))
            {
                Check.True(Painter.IsWaiting.Wait(10000), "it draws");
                Check.True(!job.IsDone && !job.Wait(TimeSpan.FromMilliseconds(50)), "it is not done");
                Check.Throws<ZimgException>(() => job.Result());
                Painter.IsOpen.Set();
                Check.True(job.Wait(), "it is done");
                int steps;
                Check.Equal(2, job.Steps(out steps));
                Check.Equal(2, steps);
                using (Result result = job.Result()) Check.Equal(Outcome.Drawn, result.Outcome);
            }
        }

        public void CancelsBeforeTwiceAndAfter()
        {
            using (var source = new CancellationTokenSource())
            {
                source.Cancel();
                var cancelled = Check.Throws<ZimgCancelledException>(
                    () => Generator.Generate(Painter.Small(), source.Token));
                Check.Equal(source.Token, cancelled.CancellationToken);
                Check.Equal(0, Painter.Drawings);
            }
            Painter.IsOpen.Reset();
            using (Job job = Generator.Start(Painter.Small()))
            {
                Check.True(Painter.IsWaiting.Wait(10000), "it draws");
                job.Cancel();
                job.Cancel();
                job.Wait();
                Check.Throws<ZimgCancelledException>(() => job.Result());
                job.Cancel();
            }
            Painter.IsOpen.Set();
            using (Job job = Generator.Start(Painter.Small()))
            {
                job.Wait();
                job.Cancel();
                job.Result().Dispose();
            }
        }

        public void EndsADrawingThatIsCancelledMeanwhile()
        {
            Painter.IsOpen.Reset();
            using (var source = new CancellationTokenSource())
            {
                var stopping = new Thread(() =>
                {
                    Painter.IsWaiting.Wait(10000);
                    source.Cancel();
                });
                stopping.Start();
                var cancelled = Check.Throws<ZimgCancelledException>(
                    () => Generator.Generate(Painter.Small(), source.Token));
                stopping.Join();
                Check.Equal(source.Token, cancelled.CancellationToken);
            }
            Painter.IsOpen.Set();
            Generator.Generate(Painter.Small()).Dispose();
        }

        public void AHitWithATokenAndAProgressTakesNoOtherThread()
        {
            int thread = 0;
            Options options = Painter.Options();
            options.OnTrace = _ => thread = Thread.CurrentThread.ManagedThreadId;
            using (var generator = new Generator(options, Cache))
            using (var source = new CancellationTokenSource())
            {
                generator.Generate(Painter.Small()).Dispose();
                generator.Drain();
                using (Result result = generator.Generate(Painter.Small(), source.Token, new Steps()))
                {
                    Check.Equal(Outcome.Hit, result.Outcome);
                }
            }
            Check.Equal(Thread.CurrentThread.ManagedThreadId, thread);
        }

        public async Task DrawsWithoutHoldingAThread()
        {
            Painter.IsOpen.Reset();
            Task<Result> drawing = Generator.GenerateAsync(Painter.Small());
            Check.True(Painter.IsWaiting.Wait(10000), "this thread runs while it draws");
            Check.True(!drawing.IsCompleted, "it is not done");
            Painter.IsOpen.Set();
            using (Result result = await drawing) Check.Equal(Outcome.Drawn, result.Outcome);
        }

        public async Task EndsADrawingWhoseTaskIsCancelled()
        {
            Painter.IsOpen.Reset();
            using (var source = new CancellationTokenSource())
            {
                Task<Result> drawing = Generator.GenerateAsync(Painter.Small(), source.Token);
                Check.True(Painter.IsWaiting.Wait(10000), "it draws");
                source.Cancel();
                try
                {
                    await drawing;
                    throw new Exception("it was to be cancelled");
                }
                catch (OperationCanceledException)
                {
                    Check.True(drawing.IsCanceled, "the task says so");
                }
            }
            using (Metrics metrics = Generator.Metrics()) Check.Equal(1ul, metrics[Count.Failed]);
        }

        public async Task DrawsOnceForEqualTasks()
        {
            Result[] results = await Task.WhenAll(
                Enumerable.Range(0, 10).Select(_ => Generator.GenerateAsync(Painter.Small("ten"))));
            foreach (Result result in results)
            {
                Check.Same(results[0].Bytes, result.Bytes);
                result.Dispose();
            }
            Check.Equal(1, Painter.Drawings);
        }

        public void DrawsWithTheEngine()
        {
            if (Environment.GetEnvironmentVariable("ZIMG_CAN_DRAW") != "1")
            {
                Check.Refused(Status.Unsupported, "libzimg_torch", () => new Options().LocateEngine());
                return;
            }
            using (var generator = new Generator(Cache))
            {
                Check.True(generator.IsBuiltinModel, "the built-in model is the default");
                using (Result result = generator.Generate(new Request("a red circle") { Steps = 2 }))
                {
                    Check.True(!result.Report.IsFlat, "something is drawn");
                    Check.Equal(generator.ModelName, result.Report.Model);
                }
            }
            Check.Holds("libzimg_torch.so", new Options().LocateEngine());
        }
    }

    internal sealed class Steps : IProgress<Progress>
    {
        internal readonly List<string> Seen = new List<string>();

        public void Report(Progress progress)
        {
            Seen.Add(progress.Step + "/" + progress.Steps);
        }
    }
}
