using System;
using System.IO;
using System.Threading;

namespace Zimg.Tests
{
    /// <summary>100,000 of each light handle and 1,000 caches and generators come and go, and no memory stays behind.
    /// </summary>
    public sealed class LeakTest : WithGenerator
    {
        private const int Light = 100000;
        private const int Heavy = 1000;

        // What Mono's heap may grow by of its own accord; a leak of 100 bytes a handle is more, each of three times.
        private const long Slack = 8 << 20;

        private static long Resident()
        {
            for (int i = 0; i < 3; ++i)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;
        }

        private static void Grows(int times, Action comeAndGo)
        {
            for (int i = 0; i < times / 5; ++i) comeAndGo();
            long growth = Slack;
            for (int round = 0; growth >= Slack && round < 3; ++round)
            {
                long before = Resident();
                for (int i = 0; i < times; ++i) comeAndGo();
                growth = Resident() - before;
            }
            Check.True(growth < Slack, $"{growth} bytes more after {times} times, the third time in a row");
        }

        public void Requests()
        {
            var request = new Request("a red circle")
            {
                NegativePrompt = "blue", Width = 64, Height = 64, Steps = 8, Guidance = 1, Tag = "tag",
            };
            Grows(Light, () => Generator.Key(request));
        }

        public void OptionsAndTexts()
        {
            Grows(Light, () =>
            {
                try
                {
                    Painter.Options().LocateEngine();
                }
                catch (ZimgException) { }  // a build without the engine says so, which makes an error as well
            });
        }

        public void Errors()
        {
            Grows(Light, () => Check.Throws<ZimgException>(() => Key.FromHex("no key")));
        }

        public void EntriesAndFilters()
        {
            var filter = new PurgeFilter { Tag = "tag" };
            Key key = CacheContract.KeyOf(0);
            Entry entry = CacheContract.EntryOf(tag: "tag");
            Grows(Light, () => Check.True(filter.Matches(key, entry), "it matches"));
        }

        public void Results()
        {
            Generator.Generate(Painter.Small()).Dispose();
            Generator.Drain();
            Grows(Light, () =>
            {
                using (Result result = Generator.Generate(Painter.Small())) Check.True(result.Bytes.Length > 0, "bytes");
            });
        }

        public void ResultsThatNobodyDisposes()
        {
            Generator.Generate(Painter.Small()).Dispose();
            Generator.Drain();
            Grows(Light, () => Check.True(Generator.Generate(Painter.Small()).IsHit, "a hit"));
        }

        public void ReportsStreamsMetricsAndKeyFields()
        {
            Generator.Generate(Painter.Small()).Dispose();
            Generator.Drain();
            Grows(Light / 10, () =>
            {
                using (Result result = Generator.Generate(Painter.Small()))
                using (result.OpenRead())
                using (Metrics metrics = Generator.Metrics())
                {
                    Check.True(result.Report.Model.Length + metrics.Prometheus().Length > 0, "text");
                }
                Generator.ExplainKey(Painter.Small());
                Cache.Stats();
            });
        }

        public void StreamsThatNobodyDisposes()
        {
            Generator.Generate(Painter.Small()).Dispose();
            Generator.Drain();
            Grows(Light / 10, () =>
            {
                using (Result result = Generator.Generate(Painter.Small())) Check.True(result.OpenRead().ReadByte() >= 0, "an octet");
            });
        }

        public void PoliciesAndCaches()
        {
            Grows(Heavy, () =>
            {
                Policy policy = new Policy { Clock = () => DateTimeOffset.UtcNow }.AddNamespace("n");
                Cache.InMemory(1 << 20, policy).Dispose();
            });
        }

        public void Stores()
        {
            var options = new LmdbOptions { Path = Folder.Path + "/store", CapacityBytes = 4 << 20 };
            Grows(Heavy / 10, () => Cache.Open(options).Dispose());
        }

        public void Generators()
        {
            Grows(Heavy, () => new Generator(Painter.Options(), Cache).Dispose());
        }

        public void JobsWithProgressAndCancelling()
        {
            using (var source = new CancellationTokenSource())
            {
                var progress = new Telling(_ => { });
                Grows(Heavy, () => Generator.Generate(Painter.Small(), source.Token, progress).Dispose());
            }
        }

        public void PrewarmingRuns()
        {
            Generator.Generate(Painter.Small()).Dispose();
            Generator.Drain();
            Grows(Heavy, () => Generator.Prewarm(new Prewarm().Add(Painter.Small())));
        }

        public void Tokenizers()
        {
            Grows(Heavy / 10, () => new Tokenizer(Painter.Model).Dispose());
        }
    }
}
