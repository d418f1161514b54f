// What a hit of 20 kB in memory takes through C#, from the request to the octets: 96x64 of noise, which
// are a PNG of that size. Prints the fastest, the median and the 99th of 100.
//
//   bench.exe [rounds]
using System;
using System.Diagnostics;
using System.Linq;

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
                int size = Once(generator);
                generator.Drain();
                for (int i = 0; i < rounds / 4; ++i) Once(generator);  // compiled by then
                var times = new double[rounds];
                var watch = new Stopwatch();
                for (int i = 0; i < rounds; ++i)
                {
                    watch.Restart();
                    Once(generator);
                    times[i] = watch.Elapsed.TotalMilliseconds * 1000;
                }
                Array.Sort(times);
                Console.WriteLine($"C#: a hit of {size} bytes in memory: fastest {times[0]:F2} us, median "
                    + $"{times[rounds / 2]:F2} us, 99 % {times[rounds * 99 / 100]:F2} us");
            }
        }

        private static int Once(Generator generator)
        {
            var request = new Request("a red circle on a blue ground") { Width = 96, Height = 64 };
            using (Result result = generator.Generate(request)) return result.Bytes.Length;
        }
    }
}
