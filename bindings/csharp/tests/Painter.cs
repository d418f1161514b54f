using System;
using System.Threading;

namespace Zimg.Tests
{
    /// <summary>A pipeline that draws without the engine, from the seed. While it is not open, it waits.</summary>
    internal sealed class Painter : IPipeline
    {
        internal Action<Drawing> Before;
        internal int Drawings;
        internal int Steps;
        internal readonly ManualResetEventSlim IsOpen = new ManualResetEventSlim(true);
        internal readonly ManualResetEventSlim IsWaiting = new ManualResetEventSlim(false);

        internal static string Model => Environment.GetEnvironmentVariable("ZIMG_TEST_MODEL");

        internal Options Options()
        {
            return new Options { Model = Model, Pipeline = this, PipelineIdentity = "painter 1" };
        }

        internal static Request Small(string prompt = "a red circle", ulong seed = 42)
        {
            return new Request(prompt) { Width = 64, Height = 64, Seed = seed };
        }

        public Picture Draw(Drawing drawing)
        {
            Interlocked.Increment(ref Drawings);
            Before?.Invoke(drawing);
            while (!IsOpen.IsSet)
            {
                IsWaiting.Set();
                if (drawing.IsCancelled) throw new OperationCanceledException("the painter was stopped");
                IsOpen.Wait(5);
            }
            for (int step = 0; step <= Steps && Steps != 0; ++step) drawing.ReportProgress(step, Steps);
            return Paint(drawing);
        }

        internal static Picture Paint(Drawing drawing)
        {
            var rgb = new byte[drawing.Width * drawing.Height * 3];
            for (int i = 0; i < rgb.Length; ++i) rgb[i] = (byte)(drawing.Seed * 31 + (uint)i + (uint)i / 251);
            var picture = new Picture(drawing.Width, drawing.Height, rgb);
            picture.StagesMs[Stage.Denoise] = 12.5;
            return picture;
        }
    }

    /// <summary>A generator of the painter, and a cache in memory.</summary>
    public abstract class WithGenerator : IDisposable
    {
        internal readonly Painter Painter = new Painter();
        internal readonly Cache Cache = Cache.InMemory(64 << 20);
        internal readonly Generator Generator;
        internal readonly TemporaryFolder Folder = new TemporaryFolder();

        protected WithGenerator()
        {
            Generator = new Generator(Painter.Options(), Cache);
        }

        public void Dispose()
        {
            Painter.IsOpen.Set();
            Generator.Dispose();
            Cache.Dispose();
            Folder.Dispose();
        }
    }
}
