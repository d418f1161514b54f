using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>Draws in place of the engine. Called from any thread of zimg.</summary>
    public interface IPipeline
    {
        /// <summary>Equal drawings give equal pixels, in the size that was ordered. What it throws fails the request: a
        /// ZimgException with its status, all else as Internal.</summary>
        Picture Draw(Drawing drawing);
    }

    /// <summary>What is to be drawn, until Draw() returns. Any thread.</summary>
    public sealed unsafe class Drawing
    {
        private readonly object gate = new object();
        private IntPtr pointer;
        private int uses;  // threads of the pipeline's own may be in a call

        internal Drawing(IntPtr pointer)
        {
            this.pointer = pointer;
            Prompt = Text.Of(Native.zimg_drawing_prompt, pointer);
            NegativePrompt = Text.Of(Native.zimg_drawing_negative_prompt, pointer);
            Width = (int)Native.zimg_drawing_width(pointer);
            Height = (int)Native.zimg_drawing_height(pointer);
            UIntPtr count;
            float* sigmas = Native.zimg_drawing_sigmas(pointer, &count);
            var copy = new float[(int)count];
            for (int i = 0; i < copy.Length; ++i) copy[i] = sigmas[i];
            Sigmas = copy;
            Guidance = Native.zimg_drawing_guidance(pointer);
            GuidanceNormalization = Native.zimg_drawing_guidance_normalization(pointer);
            GuidanceTruncation = Native.zimg_drawing_guidance_truncation(pointer);
            Seed = Native.zimg_drawing_seed(pointer);
            IsVaeTiled = Native.zimg_drawing_is_vae_tiled(pointer) != 0;
        }

        public string Prompt { get; }

        /// <summary>Empty where guidance is 0.</summary>
        public string NegativePrompt { get; }
        public int Width { get; }
        public int Height { get; }

        /// <summary>Noise levels of the steps, descending from at most 1; the closing 0 is implied.</summary>
        public IReadOnlyList<float> Sigmas { get; }
        public float Guidance { get; }
        public float GuidanceNormalization { get; }
        public float GuidanceTruncation { get; }
        public uint Seed { get; }
        public bool IsVaeTiled { get; }
        public bool WantsPreview => Use(alive => Native.zimg_drawing_wants_preview(alive)) != 0;

        /// <summary>To be asked now and then; where it is, throw OperationCanceledException.</summary>
        public bool IsCancelled => Use(alive => Native.zimg_drawing_is_cancelled(alive)) != 0;

        /// <summary>Tells those who wait. The preview may be null.</summary>
        public void ReportProgress(int step, int steps, Picture preview = null)
        {
            IntPtr picture = IntPtr.Zero;
            try
            {
                if (preview != null)
                {
                    picture = Set.Make(Native.zimg_picture_create);
                    preview.Fill(picture);
                }
                IntPtr error = IntPtr.Zero;
                IntPtr* outError = &error;
                int status = Use(alive => Native.zimg_drawing_report_progress(
                    alive, checked((uint)step), checked((uint)steps), picture, outError));
                ZimgException.Check(status, error);
            }
            finally
            {
                Native.zimg_picture_destroy(picture);
            }
        }

        internal void End()
        {
            lock (gate)
            {
                pointer = IntPtr.Zero;
                while (uses != 0) Monitor.Wait(gate);
            }
        }

        // What it points to is there until `use` returns.
        private int Use(Func<IntPtr, int> use)
        {
            IntPtr alive;
            lock (gate)
            {
                if (pointer == IntPtr.Zero) throw new ObjectDisposedException(nameof(Drawing), "this drawing is over");
                alive = pointer;
                ++uses;
            }
            try
            {
                return use(alive);
            }
            finally
            {
                lock (gate)
                {
                    --uses;
                    Monitor.PulseAll(gate);
                }
            }
        }
    }

    internal static unsafe class ForeignPipeline
    {
        private static readonly DrawFunction draw = Draw;  // for ever: C may call it at any time
        private static readonly PipelineTable table = new PipelineTable
        {
            struct_size = (UIntPtr)sizeof(PipelineTable),
            draw = Marshal.GetFunctionPointerForDelegate(draw),
            release = Held.ReleasePointer,
        };

        internal static void SetIn(IntPtr options, IPipeline pipeline, string identity)
        {
            byte[] text = Text.Utf8(identity, "PipelineIdentity", out UIntPtr size);
            IntPtr held = Held.Hold(pipeline);
            IntPtr error;
            int status;
            PipelineTable copy = table;
            fixed (byte* data = text)
            {
                status = Native.zimg_options_set_pipeline(options, &copy, held, data, size, &error);
            }
            if (status != 0) Held.Forget(held);
            ZimgException.Check(status, error);
        }

        private static int Draw(IntPtr userData, IntPtr pointer, IntPtr outPicture, IntPtr* outError)
        {
            return Answer.Run(outError, () =>
            {
                var drawing = new Drawing(pointer);
                try
                {
                    Picture picture = Held.Get<IPipeline>(userData).Draw(drawing);
                    if (picture == null) throw new InvalidOperationException("the pipeline gave no picture");
                    picture.Fill(outPicture);
                }
                finally
                {
                    drawing.End();
                }
            });
        }
    }
}
