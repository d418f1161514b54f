using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Zimg.Tests
{
    /// <summary>What a program should not do, and what becomes of it: a sentence, never a crash.</summary>
    public sealed class WrongUseTest : WithGenerator
    {
        public void RefusesNulAndLoneSurrogatesEverywhere()
        {
            foreach (string text in new[] { "a\0b", "a\ud800b" })
            {
                string part = text[1] == '\0' ? "NUL" : "lone surrogate";
                var options = new Options();
                options.NamespaceSecrets[text] = new byte[16];
                var calls = new Action[]
                {
                    () => Generator.Generate(text),
                    () => Generator.Key(new Request { NegativePrompt = text }),
                    () => Generator.Key(new Request { Namespace = text }),
                    () => Generator.Key(new Request { Tag = text }),
                    () => Cache.Open(text),
                    () => new Generator(new Options { Model = text }),
                    () => new Generator(options),
                    () => Cache.Purge(new PurgeFilter { Tag = text }),
                    () => Key.FromHex(text),
                    () => ArticleKey.Of(text, "", "{}"),
                    () => Cache.Wrap(new Shelf(), text),
                    () => Model.Inspect(text),
                    () => new Tokenizer(text),
                    () => Cache.InMemory(1000, new Policy().AddNamespace(text)),
                    () => Cache.Store(CacheContract.KeyOf(0), new Entry(new byte[1]) { Namespace = text }),
                    () => Bundle.Export(Cache, text),
                };
                foreach (Action call in calls) Check.Refused(Status.InvalidArgument, part, call);
            }
        }

        public void RefusesNull()
        {
            Check.Throws<ArgumentNullException>(() => Generator.Generate((Request)null));
            Check.Throws<ArgumentNullException>(() => Generator.Generate((string)null));
            Check.Throws<ArgumentNullException>(() => Generator.Key(null));
            Check.Throws<ArgumentNullException>(() => Cache.Find(null));
            Check.Throws<ArgumentNullException>(() => Cache.Store(null, null));
            Check.Throws<ArgumentNullException>(() => Cache.List(null));
            Check.Throws<ArgumentNullException>(() => Cache.Wrap(null, ""));
            Check.Throws<ArgumentNullException>(() => Key.FromHex(null));
            Check.Throws<ArgumentNullException>(() => Picture.Decode(null));
        }

        public void RefusesHalfASizeAndEnumeratorsThatAreNone()
        {
            Check.Refused(Status.InvalidArgument, "Height", () => Generator.Generate(new Request { Width = 64 }));
            Check.Throws<ZimgException>(() => Generator.Key(new Request { MatchLevel = (MatchLevel)7 }));
            Check.Refused(Status.InvalidArgument, "65536",
                () => Generator.Generate(new Request { Width = 65536, Height = 65536 }));
        }

        public void AProgressThatThrowsEndsItsRequestWithThat()
        {
            Painter.Steps = 3;
            var failing = new Telling(_ => { throw new DivideByZeroException(); });
            Check.Throws<DivideByZeroException>(
                () => Generator.Generate(Painter.Small(), default(CancellationToken), failing));
            Generator.Generate(Painter.Small()).Dispose();
        }

        public void AProgressThatAsksForAPictureIsToldNo()
        {
            Painter.Steps = 1;
            var asking = new Telling(_ => Generator.Generate(Painter.Small("another")).Dispose());
            Check.Throws<ZimgException>(() => Generator.Generate(Painter.Small(), default(CancellationToken), asking));
        }

        public void APipelineThatThrowsFailsTheRequest()
        {
            Painter.Before = _ => { throw new ZimgException(Status.Device, "no paint"); };
            Check.Refused(Status.Device, "no paint", () => Generator.Generate(Painter.Small()));
            Painter.Before = _ => { throw new InvalidOperationException("bad \ud800 text"); };
            Check.Refused(Status.Internal, "InvalidOperationException: bad", () => Generator.Generate(Painter.Small()));
            Painter.Before = _ => { throw new OutOfMemoryException("full"); };
            Check.Refused(Status.OutOfMemory, "full", () => Generator.Generate(Painter.Small()));
            foreach (Status status in new[] { Status.Ok, (Status)99 })
            {
                Painter.Before = _ => { throw new ZimgException(status, "all is well"); };
                Check.Refused(Status.Internal, "all is well", () => Generator.Generate(Painter.Small()));
            }
            Painter.Before = _ => { throw new Mute(); };
            Check.Refused(Status.Internal, "Mute: an exception whose text", () => Generator.Generate(Painter.Small()));
            Painter.Before = null;
            Generator.Generate(Painter.Small()).Dispose();
        }

        public void AHashingListenerThatThrowsFailsTheCallItCameFromAndNoOther()
        {
            foreach (Action<Generator> ask in new Action<Generator>[]
                     {
                         generator => generator.Key(Painter.Small()),
                         generator => generator.Generate(Painter.Small()).Dispose(),
                         generator =>
                         {
                             using (Job job = generator.Start(Painter.Small()))
                             {
                                 job.Wait();
                                 job.Result().Dispose();
                             }
                         },
                     })
            {
                Options options = Painter.Options();
                options.Model = CopyOf(Painter.Model);  // other files, whose digests nobody remembers
                options.OnHashing = (done, total) => { throw new DivideByZeroException(); };
                using (var generator = new Generator(options, Cache))
                {
                    Check.Throws<DivideByZeroException>(() => ask(generator));
                    generator.Key(Painter.Small());
                }
            }
        }

        private string CopyOf(string model)
        {
            string copy = System.IO.Path.Combine(Folder.Path, Guid.NewGuid().ToString("N"));
            foreach (string file in System.IO.Directory.GetFiles(model, "*", System.IO.SearchOption.AllDirectories))
            {
                string target = copy + file.Substring(model.Length);
                System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target));
                System.IO.File.Copy(file, target);
            }
            return copy;
        }

        public void APipelineThatLiesOrGivesNothingFailsTheRequest()
        {
            foreach (Picture picture in new[]
                     { null, new Picture(64, 63, new byte[64 * 63 * 3]), new Picture(64, 64, new byte[5]) })
            {
                var liar = new Options
                {
                    Model = Painter.Model, Pipeline = new Giving(picture), PipelineIdentity = "liar",
                };
                using (var generator = new Generator(liar))
                {
                    Check.Throws<ZimgException>(() => generator.Generate(Painter.Small()));
                }
            }
        }

        public void ADrawingThatIsOverSaysSo()
        {
            Drawing kept = null;
            Painter.Before = drawing => kept = drawing;
            Generator.Generate(Painter.Small()).Dispose();
            Check.Throws<ObjectDisposedException>(() => kept.IsCancelled.ToString());
            Check.Throws<ObjectDisposedException>(() => kept.ReportProgress(0, 1));
        }

        public void ADrawingIsOverOnceItsThreadsHaveLeftIt()
        {
            var isInside = new ManualResetEventSlim(false);
            var mayLeave = new ManualResetEventSlim(false);
            Painter.Before = drawing =>
            {
                if (drawing.Seed != 1) return;
                new Thread(() => drawing.ReportProgress(0, 1)).Start();
                isInside.Wait(10000);
            };
            var stay = new Telling(_ =>
            {
                isInside.Set();
                mayLeave.Wait(10000);
            });
            using (Job job = Generator.Start(Painter.Small(seed: 1), progress: stay))
            {
                Check.True(isInside.Wait(10000), "nobody was told");
                using (Job next = Generator.Start(Painter.Small(seed: 2)))
                {
                    Check.True(!next.Wait(TimeSpan.FromMilliseconds(200)), "the drawing before it is not over");
                    mayLeave.Set();
                    job.Wait();
                    next.Wait();
                    job.Result().Dispose();
                    next.Result().Dispose();
                }
            }
        }

        public void ATraceThatThrowsFailsNothing()
        {
            Options options = Painter.Options();
            options.OnTrace = _ => { throw new Exception(); };
            using (var generator = new Generator(options)) generator.Generate(Painter.Small()).Dispose();
        }

        public void IsDisposedTwiceAndSaysSoAfter()
        {
            Result result = Generator.Generate(Painter.Small());
            Job job = Generator.Start(Painter.Small());
            job.Wait();
            Metrics metrics = Generator.Metrics();
            foreach (IDisposable thing in new IDisposable[] { result, job, metrics, Generator, Cache })
            {
                thing.Dispose();
                thing.Dispose();
            }
            Check.Throws<ObjectDisposedException>(() => result.Report.ToString());
            Check.Throws<ObjectDisposedException>(() => job.IsDone.ToString());
            Check.Throws<ObjectDisposedException>(() => metrics.Prometheus());
            Check.Throws<ObjectDisposedException>(() => Generator.Generate(Painter.Small()));
            Check.Throws<ObjectDisposedException>(() => Cache.Stats());
        }

        public void DisposingWhileOthersDrawAndWaitLetsThemEnd()
        {
            Painter.IsOpen.Reset();
            var outcomes = new List<Outcome>();
            var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
            {
                using (Result result = Generator.Generate(Painter.Small()))
                {
                    lock (outcomes) outcomes.Add(result.Outcome);
                }
            })).ToList();
            using (Job job = Generator.Start(Painter.Small("another")))
            {
                threads.ForEach(thread => thread.Start());
                Check.True(Painter.IsWaiting.Wait(10000), "it draws");
                Thread.Sleep(200);
                Generator.Dispose();
                Painter.IsOpen.Set();
                Check.True(threads.All(thread => thread.Join(20000)), "all end");
                Check.True(job.Wait(TimeSpan.FromSeconds(10)), "the job as well");
            }
            Check.Equal(1, outcomes.Count(outcome => outcome == Outcome.Drawn));
            Check.Equal(7, outcomes.Count(outcome => outcome == Outcome.Joined));
        }

        public void DisposingFromManyThreadsWhileManyAsk()
        {
            for (int round = 0; round < 20; ++round)
            {
                var generator = new Generator(Painter.Options(), Cache);
                Exception wrong = null;
                var asking = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
                {
                    try
                    {
                        for (int i = 0; i < 100; ++i) generator.Generate(Painter.Small()).Dispose();
                    }
                    catch (ObjectDisposedException) { }
                    catch (Exception failure) { wrong = failure; }
                }));
                var closing = Enumerable.Range(0, 2).Select(_ => new Thread(generator.Dispose));
                var threads = asking.Concat(closing).ToList();
                threads.ForEach(thread => thread.Start());
                Check.True(threads.All(thread => thread.Join(20000)), "all end");
                Check.Equal(null, wrong);
            }
        }

        public void DisposingInACallback()
        {
            Painter.Steps = 1;
            var closing = new Telling(_ => Generator.Dispose());
            Generator.Generate(Painter.Small(), default(CancellationToken), closing).Dispose();
        }

        public void WhatIsDroppedIsLetGo()
        {
            var pipelines = new List<WeakReference>();
            for (int i = 0; i < 20; ++i) Drop(pipelines);
            // Mono's collector takes what lies on a stack for a reference, so one or the other may stay.
            for (int i = 0; i < 100 && pipelines.Count(pipeline => pipeline.IsAlive) > 5; ++i)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                Thread.Sleep(10);
            }
            int alive = pipelines.Count(pipeline => pipeline.IsAlive);
            Check.True(alive <= 5, $"{alive} of 20 pipelines of dropped generators are still there");
        }

        private static void Drop(List<WeakReference> pipelines)
        {
            var thread = new Thread(() =>
            {
                var painter = new Painter();
                pipelines.Add(new WeakReference(painter));
                new Generator(painter.Options()).Generate(Painter.Small());
            });
            thread.Start();
            thread.Join();
        }

        public void ACacheThatFailsFailsNoRequest()
        {
            var shelf = new Shelf();
            using (Cache cache = Cache.Wrap(shelf, "a shelf"))
            using (var generator = new Generator(Painter.Options(), cache))
            {
                shelf.Failure = new InvalidOperationException("the shelf has fallen");
                using (Result result = generator.Generate(Painter.Small()))
                {
                    generator.Drain();
                    result.RefreshStored();
                    Check.Equal(Outcome.Drawn, result.Outcome);
                    Check.Holds("the shelf has fallen",
                        string.Join(" ", result.Report.Warnings) + result.Report.StoreNote);
                }
                Check.Throws<ZimgException>(() => cache.Find(CacheContract.KeyOf(0)));
                shelf.Failure = new ZimgException(Status.Ok, "all is well");
                Check.Refused(Status.Internal, "all is well", () => cache.Find(CacheContract.KeyOf(0)));
            }
        }

        public void ACacheThatLiesIsFoundOut()
        {
            var shelf = new Shelf();
            using (Cache cache = Cache.Wrap(shelf, "a shelf"))
            using (var generator = new Generator(Painter.Options(), cache))
            {
                byte[] first;
                using (Result result = generator.Generate(Painter.Small())) first = result.Bytes;
                generator.Drain();
                foreach (byte[] lie in new[] { new byte[9], first.Take(first.Length - 1).ToArray() })
                {
                    shelf.Lie = lie;
                    using (Result result = generator.Generate(Painter.Small()))
                    {
                        Check.Equal(Outcome.Drawn, result.Outcome);
                        Check.Same(first, result.Bytes);
                    }
                    shelf.Lie = null;
                    generator.Drain();
                }
            }
        }

        public void ACacheThatBlocksIsWaitedFor()
        {
            var shelf = new Shelf();
            using (Cache cache = Cache.Wrap(shelf, "a shelf"))
            using (var generator = new Generator(Painter.Options(), cache))
            {
                shelf.IsOpen.Reset();
                using (Job job = generator.Start(Painter.Small()))
                {
                    Check.True(!job.Wait(TimeSpan.FromMilliseconds(100)), "it waits");
                    shelf.IsOpen.Set();
                    Check.True(job.Wait(TimeSpan.FromSeconds(10)), "it goes on");
                }
            }
        }
    }

    internal sealed class Telling : IProgress<Progress>
    {
        private readonly Action<Progress> tell;

        internal Telling(Action<Progress> tell)
        {
            this.tell = tell;
        }

        public void Report(Progress progress)
        {
            tell(progress);
        }
    }

    internal sealed class Mute : Exception
    {
        public override string Message => throw new InvalidOperationException();
    }

    internal sealed class Giving : IPipeline
    {
        private readonly Picture picture;

        internal Giving(Picture picture)
        {
            this.picture = picture;
        }

        public Picture Draw(Drawing drawing)
        {
            return picture;
        }
    }
}
