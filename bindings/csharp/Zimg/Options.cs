using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>A keyword list and what becomes of prompts that hold a listed word.</summary>
    public sealed class Keywords
    {
        /// <param name="tag">For KeywordAction.Tag alone: 1 to 64 of A-Z a-z 0-9 . _ @ : -.</param>
        public Keywords(string path, KeywordAction action, string tag = "")
        {
            Path = path;
            Action = action;
            Tag = tag;
        }

        public string Path { get; }
        public KeywordAction Action { get; }
        public string Tag { get; }
    }

    /// <summary>What a generator is made of.</summary>
    public sealed unsafe class Options
    {
        private static readonly TraceFunction traced = Traced;  // for ever: C may call them at any time
        private static readonly BytesProgressFunction hashed = Hashed;

        /// <summary>The cache to open where none is handed over; null is none. One that cannot be opened is a warning in
        /// each report, unless it is required.</summary>
        public string CacheUrl { get; set; }

        /// <summary>One that cannot be opened is thrown.</summary>
        public bool RequiresCache { get; set; }

        /// <summary>A model folder; empty is the built-in model.</summary>
        public string Model { get; set; } = "";
        public Device Device { get; set; } = Device.Auto;
        public Precision Precision { get; set; } = Precision.Auto;

        /// <summary>CPU threads of a drawing, at most 1024; 0 is one per core.</summary>
        public uint Threads { get; set; }
        public Fingerprint Fingerprint { get; set; } = Fingerprint.Portable;

        /// <summary>The engine module; empty: beside libzimg, in ../lib from there, then the configured libdir.</summary>
        public string EnginePath { get; set; } = "";

        /// <summary>A libtorch folder; empty: $ZIMG_TORCH, then the engine's own RUNPATH.</summary>
        public string TorchPath { get; set; } = "";

        /// <summary>Draws in place of the engine.</summary>
        public IPipeline Pipeline { get; set; }

        /// <summary>Stands for engine and precision in the key; not empty where there is a pipeline.</summary>
        public string PipelineIdentity { get; set; } = "";

        /// <summary>A file of words that mean the same, for MatchLevel.Loose; empty is none.</summary>
        public string Synonyms { get; set; } = "";

        /// <summary>The keys of such a namespace become HMAC-SHA-256 under its secret. Never stored, never printed.
        /// </summary>
        public Dictionary<string, byte[]> NamespaceSecrets { get; } = new Dictionary<string, byte[]>();

        /// <summary>What of a drawing is kept: its PNG, from which other formats are made, or only the format that was
        /// asked for.</summary>
        public Kept Kept { get; set; } = Kept.Lossless;

        /// <summary>At least 1; more serves a pipeline of one's own.</summary>
        public uint DrawingsAtOnce { get; set; } = 1;

        /// <summary>How long another process that draws an equal picture is waited for, or three drawings if that is
        /// longer.</summary>
        public uint PatienceMs { get; set; } = 30000;

        /// <summary>How many drawn pictures may wait to be written, at least 1; the excess is dropped.</summary>
        public uint PendingStores { get; set; } = 16;

        /// <summary>Read when the generator is made. A list that refuses goes first, then one that keeps from storing.
        /// </summary>
        public List<Keywords> Keywords { get; } = new List<Keywords>();

        /// <summary>Told what happens to each request, from any thread.</summary>
        public Action<TraceEvent> OnTrace { get; set; }

        /// <summary>Whether its events hold the prompt.</summary>
        public bool TracePrompts { get; set; }

        /// <summary>Bytes done and in all, while a model's files are hashed. After it has thrown, it is not called any
        /// more, and the call that it came from, or the next one of the generator, throws that.</summary>
        public Action<ulong, ulong> OnHashing { get; set; }

        /// <summary>Where the engine module is that a generator of these options would open. Opens nothing.</summary>
        public string LocateEngine()
        {
            IntPtr options = Make(new Guard());
            try
            {
                IntPtr text;
                IntPtr error;
                ZimgException.Check(Native.zimg_locate_engine(options, &text, &error), error);
                return Text.Taken(text);
            }
            finally
            {
                Native.zimg_options_destroy(options);
            }
        }

        /// <summary>A zimg_options of it, which the caller destroys. The guard keeps what OnHashing throws.</summary>
        internal IntPtr Make(Guard guard)
        {
            return Set.Filled(
                Set.Make(Native.zimg_options_create), options => Fill(options, guard), Native.zimg_options_destroy);
        }

        private void Fill(IntPtr options, Guard guard)
        {
            if (CacheUrl != null) Set.To(Native.zimg_options_set_cache_url, options, CacheUrl, "CacheUrl");
            Set.To(Native.zimg_options_set_requires_cache, options, RequiresCache);
            Set.To(Native.zimg_options_set_model, options, Model, "Model");
            Set.To(Native.zimg_options_set_device, options, (int)Device);
            Set.To(Native.zimg_options_set_precision, options, (int)Precision);
            Set.To(Native.zimg_options_set_threads, options, Threads);
            Set.To(Native.zimg_options_set_fingerprint, options, (int)Fingerprint);
            Set.To(Native.zimg_options_set_engine_path, options, EnginePath, "EnginePath");
            Set.To(Native.zimg_options_set_torch_path, options, TorchPath, "TorchPath");
            Set.To(Native.zimg_options_set_synonyms, options, Synonyms, "Synonyms");
            Set.To(Native.zimg_options_set_kept, options, (int)Kept);
            Set.To(Native.zimg_options_set_drawings_at_once, options, DrawingsAtOnce);
            Set.To(Native.zimg_options_set_patience_ms, options, PatienceMs);
            Set.To(Native.zimg_options_set_pending_stores, options, PendingStores);
            foreach (KeyValuePair<string, byte[]> secret in NamespaceSecrets)
            {
                Set.Secret(Native.zimg_options_add_namespace_secret, options, secret.Key, secret.Value);
            }
            foreach (Keywords keywords in Keywords) Add(options, keywords);
            if (Pipeline != null) ForeignPipeline.SetIn(options, Pipeline, PipelineIdentity);
            FillCallbacks(options, guard);
        }

        private static void Add(IntPtr options, Keywords keywords)
        {
            byte[] path = Text.Utf8(keywords.Path, "path", out UIntPtr pathSize);
            byte[] tag = Text.Utf8(keywords.Tag, "tag", out UIntPtr tagSize);
            IntPtr error;
            int status;
            fixed (byte* pathData = path)
            fixed (byte* tagData = tag)
            {
                status = Native.zimg_options_add_keywords(
                    options, pathData, pathSize, (int)keywords.Action, tagData, tagSize, &error);
            }
            ZimgException.Check(status, error);
        }

        private void FillCallbacks(IntPtr options, Guard guard)
        {
            IntPtr error;
            if (OnTrace != null)
            {
                IntPtr held = Held.Hold(OnTrace);
                int status = Native.zimg_options_set_trace(
                    options, Marshal.GetFunctionPointerForDelegate(traced), held, Held.ReleasePointer,
                    TracePrompts ? 1 : 0, &error);
                if (status != 0) Held.Forget(held);
                ZimgException.Check(status, error);
            }
            if (OnHashing != null)
            {
                Action<ulong, ulong> listener = OnHashing;
                Action<ulong, ulong> guarded = (done, total) => guard.Tell(() => listener(done, total));
                IntPtr held = Held.Hold(guarded);
                int status = Native.zimg_options_set_hashing_progress(
                    options, Marshal.GetFunctionPointerForDelegate(hashed), held, Held.ReleasePointer, &error);
                if (status != 0) Held.Forget(held);
                ZimgException.Check(status, error);
            }
        }

        private static void Traced(IntPtr userData, IntPtr @event)
        {
            try
            {
                Held.Get<Action<TraceEvent>>(userData)(new TraceEvent(@event));
            }
            catch (Exception)
            {
                // A trace that its listener fails to take is no failure of the request.
            }
        }

        private static void Hashed(IntPtr userData, ulong done, ulong total)
        {
            try
            {
                Held.Get<Action<ulong, ulong>>(userData)(done, total);
            }
            catch (Exception)
            {
                // It is guarded and throws nothing.
            }
        }
    }
}
