// What a hit of 20 kB in memory takes through C#, from the request to the octets: 96x64 of noise, which
// are a PNG of that size. Prints the fastest, the median and the 99th of 100.
//
//   bench.exe [rounds]
using System;
using System.Diagnostics;
using System.Threading;

namespace Zimg.Bench
{
    internal sealed class Noise : IPipeline
    {
        public Picture Draw(Drawing drawing)
        {
            var rgb = new byte[drawing.Width * drawing.Height * 3];
            new Random(1).NextBytes(rgb);
            return new Picture(drawing.Width, drawing.Height, rgb);
        }
    }

    internal static class HitBench
    {
        private static void Main(string[] arguments)
        {
            int rounds = arguments.Length > 0 ? int.Parse(arguments[0]) : 20000;
            var options = new Options { Pipeline = new Noise(), PipelineIdentity = "noise" };
            using (Cache cache = Cache.InMemory(64 << 20))
            using (var generator = new Generator(options, cache))
            {
                var buffer = new byte[1 << 20];
                int size = Once(generator, buffer);
                generator.Drain();
                Measure("into a buffer", size, rounds, () => Once(generator, buffer));
                Measure("into a new array", size, rounds, () => Once(generator, null));
                using (var source = new CancellationTokenSource())
                {
                    Measure("into a buffer, with a CancellationToken", size, rounds,
                        () => Once(generator, buffer, source.Token));
                }
            }
        }

        private static void Measure(string where, int size, int rounds, Action once)
        {
            for (int i = 0; i < rounds / 4; ++i) once();  // compiled by then
            var times = new double[rounds];
            var watch = new Stopwatch();
            for (int i = 0; i < rounds; ++i)
            {
                watch.Restart();
                once();
                times[i] = watch.Elapsed.TotalMilliseconds * 1000;
            }
            Array.Sort(times);
            Console.WriteLine($"C#: a hit of {size} bytes {where}: fastest {times[0]:F2} us, median "
                + $"{times[rounds / 2]:F2} us, 99 % {times[rounds * 99 / 100]:F2} us");
        }

        private static int Once(
            Generator generator, byte[] buffer, CancellationToken cancellation = default(CancellationToken))
        {
            var request = new Request("a red circle on a blue ground") { Width = 96, Height = 64 };
            using (Result result = generator.Generate(request, cancellation))
            {
                return buffer == null ? result.Bytes.Length : result.CopyTo(buffer);
            }
        }
    }
}
