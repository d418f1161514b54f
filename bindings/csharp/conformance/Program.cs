// The conformance suite through the C# library: Conformance CASES FOLDER. tests/conformance/README.md tells what it reads
// and writes.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;

namespace Zimg.Conformance
{
    internal static class Program
    {
        private static int Main(string[] arguments)
        {
            if (arguments.Length != 2)
            {
                Console.Error.WriteLine("usage: Conformance CASES FOLDER");
                return 2;
            }
            CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            using (var results = new Results(arguments[1]))
            {
                foreach (Case subject in Case.ReadAll(arguments[0])) RunAndSay(subject, results);
            }
            return 0;
        }

        private static void RunAndSay(Case subject, Results results)
        {
            results.Begin(subject["case"]);
            try
            {
                Run(subject, results);
                results.Write("status", "ok");
            }
            catch (ZimgException failure)
            {
                results.Write("status", Results.Snake(failure.Status.ToString()));
                results.Write("error", failure.Message);
            }
            catch (ZimgCancelledException failure)
            {
                results.Write("status", "cancelled");
                results.Write("error", failure.Message);
            }
        }

        private static void Run(Case subject, Results results)
        {
            switch (subject["do"])
            {
                case "generate":
                case "key":
                    Ask(subject, results);
                    break;
                case "article":
                    Article(subject, results);
                    break;
                case "hex":
                    results.Write("key", Key.FromHex(subject["text"]).ToString());
                    break;
                case "entry":
                    Store(subject, results);
                    break;
                default:
                    throw new InvalidDataException("an unknown kind of case: " + subject["do"]);
            }
        }

        private static void Ask(Case subject, Results results)
        {
            var seen = new Seen();
            using (var source = new CancellationTokenSource())
            using (Cache cache = Cache.Open(subject["options.cache"]))
            using (var generator = new Generator(Fill.Options(subject), cache))
            {
                Request request = Fill.Request(subject);
                results.Write("key", generator.Key(request).ToString());
                if (subject["do"] == "key")
                {
                    foreach (KeyField field in generator.ExplainKey(request))
                    {
                        results.Write("field_tag", field.Tag);
                        results.Write("field_name", field.Name);
                        results.Write("field_value", field.Value);
                        results.Write("field_is_live", field.IsLive ? 1 : 0);
                    }
                    return;
                }
                CancellationToken token = default(CancellationToken);
                if (subject.Has("request.cancel"))
                {
                    token = source.Token;
                    source.Cancel();
                }
                GenerateTwice(results, generator, request, token, subject.Has("request.progress") ? seen : null);
            }
        }

        private static void GenerateTwice(
            Results results, Generator generator, Request request, CancellationToken token, Seen seen)
        {
            using (Result first = generator.Generate(request, token, seen))
            {
                generator.Drain();
                first.RefreshStored();
                WriteFirst(results, first, seen ?? new Seen());
            }
            using (Result second = generator.Generate(request, token, seen))
            {
                results.WriteOctets(2, second.Bytes);
                results.Write("second", Results.Snake(second.Outcome.ToString()));
                results.Write("converted", second.Report.IsConverted ? 1 : 0);
            }
            using (Metrics metrics = generator.Metrics())
            {
                results.Write("hits", metrics[Count.Hits]);
                results.Write("misses", metrics[Count.Misses]);
                results.Write("drawn", metrics[Count.Drawn]);
            }
        }

        private static void WriteFirst(Results results, Result result, Seen seen)
        {
            Report report = result.Report;
            results.WriteOctets(1, result.Bytes);
            results.Write("first", Results.Snake(report.Outcome.ToString()));
            results.Write("progress", seen.Steps);
            results.Write("previews", seen.Previews);
            results.Write("format", (int)result.Format);
            results.Write("width", result.Width);
            results.Write("height", result.Height);
            results.Write("seed", report.Seed);
            results.Write("steps", report.Steps);
            results.WriteThousandths("guidance", report.Guidance);
            results.Write("model", report.Model);
            results.Write("namespace", report.Namespace);
            results.Write("flat", report.IsFlat ? 1 : 0);
            results.Write("filtered", report.IsFiltered ? 1 : 0);
            foreach (string text in report.Folded) results.Write("folded", text);
            foreach (string text in report.Tags) results.Write("tag", text);
            foreach (string text in report.Warnings) results.Write("warning", text);
            results.Write("stored", Results.Snake(report.Stored.ToString()));
            results.Write("store_note", report.StoreNote);
            results.Write("payload_sha256", report.PayloadSha256);
        }

        private static void Article(Case subject, Results results)
        {
            string prompt = subject["article.prompt"];
            string negative = subject["article.negative_prompt"];
            string config = subject["article.config"];
            results.Write("key", ArticleKey.Of(prompt, negative, config).ToString());
            results.Write("text", ArticleKey.TextOf(prompt, negative, config));
        }

        private static void Store(Case subject, Results results)
        {
            var octets = new byte[32];
            for (int i = 0; i < octets.Length; ++i) octets[i] = (byte)i;
            var key = new Key(octets);
            using (Cache cache = Cache.Open(subject["options.cache"]))
            {
                results.Write("outcome", (int)cache.Store(key, Fill.Entry(subject)));
                Entry found = cache.Find(key);
                results.Write("found", found == null ? 0 : 1);
                if (found != null) WriteEntry(results, found);
                results.Write("erased", cache.Erase(key) ? 1 : 0);
            }
        }

        private static void WriteEntry(Results results, Entry entry)
        {
            results.WriteOctets(1, entry.Payload);
            results.Write("format", (int)entry.Format);
            results.Write("width", entry.Width);
            results.Write("height", entry.Height);
            results.Write("seed", entry.Seed);
            results.Write("steps", entry.Steps);
            results.WriteThousandths("guidance", entry.Guidance);
            results.WriteThousandths("draw_ms", entry.DrawMs);
            results.Write("stored_at_ms", entry.StoredAtMs);
            results.Write("expires_at_ms", entry.ExpiresAtMs);
            results.Write("namespace", entry.Namespace);
            results.Write("model", entry.Model);
            results.Write("tag", entry.Tag);
            results.Write("pinned", entry.IsPinned ? 1 : 0);
            results.Write("payload_sha256", BitConverter.ToString(entry.PayloadSha256).Replace("-", "").ToLower());
        }
    }

    /// <summary>What the progress callback saw.</summary>
    internal sealed class Seen : IProgress<Progress>
    {
        internal int Steps;
        internal int Previews;

        public void Report(Progress progress)
        {
            ++Steps;
            if (progress.Preview != null) ++Previews;
        }
    }

    /// <summary>The pipeline of the suite.</summary>
    internal sealed class Painter : IPipeline
    {
        private readonly string kind;

        internal Painter(string kind)
        {
            this.kind = kind;
        }

        public Picture Draw(Drawing drawing)
        {
            if (kind == "fails") throw new ZimgException(Status.Device, "the painter has no paint");
            int steps = drawing.Sigmas.Count;
            Picture preview = drawing.WantsPreview ? new Picture(2, 1, new byte[] { 1, 2, 3, 4, 5, 6 }) : null;
            for (int step = 0; step <= steps; ++step)
            {
                if (drawing.IsCancelled) throw new OperationCanceledException("the drawing was cancelled");
                drawing.ReportProgress(step, steps, preview);
            }
            int width = drawing.Width + (kind == "lies" ? 1 : 0);
            ulong begin = 17ul * drawing.Seed + SumOf(drawing.Prompt) + 3 * SumOf(drawing.NegativePrompt)
                + 7ul * (ulong)steps + (ulong)(drawing.Guidance * 16f) + (ulong)(drawing.GuidanceNormalization * 32f)
                + (ulong)(drawing.GuidanceTruncation * 64f) + (drawing.IsVaeTiled ? 5ul : 0ul);
            var rgb = new byte[width * drawing.Height * 3];
            for (int i = 0; i < rgb.Length; ++i) rgb[i] = (byte)(begin + 31ul * (ulong)i + (ulong)(i / width));
            return new Picture(width, drawing.Height, rgb);
        }

        private static ulong SumOf(string text)
        {
            ulong sum = 0;
            foreach (byte octet in Encoding.UTF8.GetBytes(text)) sum += octet;
            return sum;
        }
    }
}
