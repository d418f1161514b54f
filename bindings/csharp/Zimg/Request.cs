using System;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>
    /// Which picture is wanted: a plain value. The generator refuses what is out of range. null is the model's own.
    /// </summary>
    public sealed unsafe class Request
    {
        public Request() { }

        public Request(string prompt)
        {
            Prompt = prompt;
        }

        /// <summary>At most 1 MiB of UTF-8 without NUL; only the first 512 tokens reach the model.</summary>
        public string Prompt { get; set; } = "";

        /// <summary>What to steer away from. Live only where guidance is above 0.</summary>
        public string NegativePrompt { get; set; } = "";

        /// <summary>Pixels, a multiple of the model's size step; set together with the height. null: the model's own
        /// (Z-Image 1024x1024, built-in 256x256).</summary>
        public uint? Width { get; set; }

        /// <summary>Pixels, as the width.</summary>
        public uint? Height { get; set; }

        /// <summary>1 to 1000. null: the model's own (Turbo and built-in 8, base 50).</summary>
        public uint? Steps { get; set; }

        /// <summary>0 (off) to 100: the usual "CFG scale" less 1. null: the model's own (Turbo and built-in 0, base 4).
        /// </summary>
        public double? Guidance { get; set; }

        /// <summary>0 to 100: the reference's cfg_normalization; 0 is off.</summary>
        public double GuidanceNormalization { get; set; }

        /// <summary>0 to 1: no guidance at steps whose noise level is below 1 less this; 1: at all steps.</summary>
        public double GuidanceTruncation { get; set; } = 1;

        /// <summary>How the step sizes are laid out.</summary>
        public Schedule Schedule { get; set; } = Schedule.Linear;

        /// <summary>Its low 32 bits are what the noise reads.</summary>
        public ulong Seed { get; set; } = 42;

        /// <summary>A fresh seed at each asking: never a hit, never joined.</summary>
        public bool RandomSeed { get; set; }

        /// <summary>Decode in overlapping tiles: less memory, other pixels, so another key.</summary>
        public bool VaeTiling { get; set; }

        /// <summary>How much of the prompt's spelling is folded away before key and model see it.</summary>
        public MatchLevel MatchLevel { get; set; } = MatchLevel.Normalized;

        /// <summary>1 to 64 of A-Z a-z 0-9 . _ @ : -; requests of two namespaces never share a picture.</summary>
        public string Namespace { get; set; } = "default";
        public ImageFormat Format { get; set; } = ImageFormat.Png;

        /// <summary>1 to 100, read for JPEG only.</summary>
        public int JpegQuality { get; set; } = 90;

        /// <summary>Write the canonical request into the delivered file's text chunks.</summary>
        public bool SpliceParameters { get; set; }
        public CacheMode CacheMode { get; set; } = CacheMode.Normal;

        /// <summary>How long the picture is kept from its storing on, in whole milliseconds, 1 ms to 100 years. null: the
        /// cache's rule for the namespace; without one, until it is evicted.</summary>
        public TimeSpan? TimeToLive { get; set; }

        /// <summary>0 to less than 1: the share of it that chance may take off.</summary>
        public double TimeToLiveJitter { get; set; }

        /// <summary>At most 255 bytes, for purging by it.</summary>
        public string Tag { get; set; } = "";

        /// <summary>Never evicted for room; it expires all the same.</summary>
        public bool Pin { get; set; }

        /// <summary>Make a small preview after each step but the last, which costs a few milliseconds.</summary>
        public bool Preview { get; set; }

        /// <summary>Takes the namespace of a preset; see Policy.AddPreset().</summary>
        public Preset? Preset { get; set; }

        /// <summary>Who asks, for Preset.Personal.</summary>
        public string PresetUser { get; set; } = "";

        /// <summary>A zimg_request of it, which the caller destroys.</summary>
        internal IntPtr Make()
        {
            return Set.Filled(Set.Make(Native.zimg_request_create), Fill, Native.zimg_request_destroy);
        }

        // What is as it is in a new request is not set: a hit is to cost microseconds.
        private void Fill(IntPtr request)
        {
            if (Prompt != "") Set.To(Native.zimg_request_set_prompt, request, Prompt, "prompt");
            if (NegativePrompt != "")
            {
                Set.To(Native.zimg_request_set_negative_prompt, request, NegativePrompt, "negative_prompt");
            }
            if (Width != null || Height != null) FillSize(request);
            if (Steps is uint steps) Set.To(Native.zimg_request_set_steps, request, steps);
            if (Guidance is double guidance) Set.To(Native.zimg_request_set_guidance, request, guidance);
            if (Seed != 42) Set.To(Native.zimg_request_set_seed, request, Seed);
            if (MatchLevel != MatchLevel.Normalized)
            {
                Set.To(Native.zimg_request_set_match_level, request, (int)MatchLevel);
            }
            if (Namespace != "default") Set.To(Native.zimg_request_set_namespace, request, Namespace, "namespace");
            if (Preset.HasValue) Policy.Apply(Preset.Value, PresetUser, request, IntPtr.Zero);
            if (Format != ImageFormat.Png) Set.To(Native.zimg_request_set_format, request, (int)Format);
            if (CacheMode != CacheMode.Normal) Set.To(Native.zimg_request_set_cache_mode, request, (int)CacheMode);
            FillDrawing(request);
            FillKeeping(request);
        }

        private void FillSize(IntPtr request)
        {
            if (Width == null || Height == null)
            {
                throw new ZimgException(
                    Status.InvalidArgument, "of 'Width' and 'Height' one is set; both or none are expected");
            }
            IntPtr error;
            ZimgException.Check(
                Native.zimg_request_set_size(request, Width.Value, Height.Value, &error), error);
        }

        private void FillDrawing(IntPtr request)
        {
            if (GuidanceNormalization != 0)
            {
                Set.To(Native.zimg_request_set_guidance_normalization, request, GuidanceNormalization);
            }
            if (GuidanceTruncation != 1)
            {
                Set.To(Native.zimg_request_set_guidance_truncation, request, GuidanceTruncation);
            }
            if (Schedule != Schedule.Linear) Set.To(Native.zimg_request_set_schedule, request, (int)Schedule);
            if (RandomSeed) Set.To(Native.zimg_request_set_random_seed, request, true);
            if (VaeTiling) Set.To(Native.zimg_request_set_vae_tiling, request, true);
            if (Preview) Set.To(Native.zimg_request_set_preview, request, true);
        }

        private void FillKeeping(IntPtr request)
        {
            if (JpegQuality != 90) Set.To(Native.zimg_request_set_jpeg_quality, request, JpegQuality);
            if (SpliceParameters) Set.To(Native.zimg_request_set_splice_parameters, request, true);
            if (TimeToLive is TimeSpan time)
            {
                Set.To(Native.zimg_request_set_ttl_ms, request, time.Ticks / TimeSpan.TicksPerMillisecond);
            }
            if (TimeToLiveJitter != 0) Set.To(Native.zimg_request_set_ttl_jitter, request, TimeToLiveJitter);
            if (Tag != "") Set.To(Native.zimg_request_set_tag, request, Tag, "tag");
            if (Pin) Set.To(Native.zimg_request_set_pin, request, true);
        }
    }

    /// <summary>One step of a drawing.</summary>
    public sealed unsafe class Progress
    {
        internal Progress(IntPtr progress)
        {
            Step = (int)Native.zimg_progress_step(progress);
            Steps = (int)Native.zimg_progress_steps(progress);
            uint width;
            uint height;
            UIntPtr size;
            byte* rgb = Native.zimg_progress_preview(progress, &width, &height, &size);
            if (rgb != null) Preview = new Picture((int)width, (int)height, Text.Octets(rgb, size));
        }

        /// <summary>Steps finished.</summary>
        public int Step { get; }

        /// <summary>In all.</summary>
        public int Steps { get; }

        /// <summary>null unless the request asks for previews.</summary>
        public Picture Preview { get; }
    }
}
