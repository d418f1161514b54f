using System;
using System.Collections.Generic;
using System.Threading;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>
    /// Answers requests: from its cache where it can, by drawing where it must. Any thread. Weights stay unopened until
    /// something must be drawn; the engine as well, or until the first key on a machine with these options, environment
    /// and libtorch.
    /// </summary>
    public sealed unsafe partial class Generator : IDisposable
    {
        private readonly Handle handle;
        private readonly Guard guard = new Guard();

        /// <summary>The built-in model, and the cache that is handed over, which may be null.</summary>
        public Generator(Cache cache) : this(new Options(), cache) { }

        public Generator(Options options = null, Cache cache = null)
        {
            IntPtr made = (options ?? new Options()).Make(guard);
            try
            {
                IntPtr generator;
                IntPtr error;
                if (cache == null)
                {
                    ZimgException.Check(
                        Native.zimg_generator_create(made, IntPtr.Zero, &generator, &error), error);
                }
                else
                {
                    using (Handle.Use use = cache.Handle.Borrow())
                    {
                        ZimgException.Check(
                            Native.zimg_generator_create(made, use.Pointer, &generator, &error), error);
                    }
                }
                handle = new Handle(generator, Native.zimg_generator_destroy, nameof(Generator));
            }
            finally
            {
                Native.zimg_options_destroy(made);
            }
        }

        /// <summary>Blocks until the picture is there. The result is to be disposed.</summary>
        public Result Generate(string prompt)
        {
            return Generate(new Request(prompt));
        }

        /// <summary>Blocks until the picture is there. The result is to be disposed. What `progress` throws ends the
        /// request and is thrown here; it must not ask this generator for a picture.</summary>
        public Result Generate(
            Request request, CancellationToken cancellation = default, IProgress<Progress> progress = null)
        {
            if (request == null) throw new ArgumentNullException(nameof(request));
            if (progress == null && !cancellation.CanBeCanceled) return Generate(request, null, null);
            using (var cancelling = new Cancelling(cancellation))
            {
                try
                {
                    return Generate(request, cancelling, progress == null ? null : new Listener(progress));
                }
                catch (ZimgCancelledException cancelled) when (cancellation.IsCancellationRequested)
                {
                    throw new ZimgCancelledException(cancelled.Message, cancellation);
                }
            }
        }

        // On this thread: a hit takes no other.
        private Result Generate(Request request, Cancelling cancelling, Listener listener)
        {
            IntPtr made = request.Make();
            try
            {
                cancelling?.SetIn(Native.zimg_request_set_cancel_token, made);
                if (listener != null)
                {
                    listener.Stop = cancelling.Cancel;
                    listener.SetIn(made);
                }
                IntPtr result;
                IntPtr error;
                int status;
                using (Handle.Use generator = handle.Borrow())
                {
                    status = Native.zimg_generator_generate(generator.Pointer, made, &result, &error);
                }
                if (listener != null && listener.HasFailed)
                {
                    if (status == 0) Native.zimg_result_destroy(result);
                    else Native.zimg_error_destroy(error);
                    listener.ThrowFailure();
                }
                guard.Check(status, error, result, Native.zimg_result_destroy);
                return new Result(result);
            }
            finally
            {
                Native.zimg_request_destroy(made);
            }
        }

        /// <summary>Answers it on a thread of its own. The job is to be disposed.</summary>
        public Job Start(
            Request request, CancellationToken cancellation = default, IProgress<Progress> progress = null)
        {
            return new Job(handle, guard, request, cancellation, progress, null);
        }

        /// <summary>The picture key, without drawing. The first one on a machine with these options, environment and
        /// libtorch opens the engine, to learn its profile.</summary>
        public Key Key(Request request)
        {
            if (request == null) throw new ArgumentNullException(nameof(request));
            IntPtr made = request.Make();
            try
            {
                Raw.Key key;
                IntPtr error;
                using (Handle.Use generator = handle.Borrow())
                {
                    guard.Check(Native.zimg_generator_key(generator.Pointer, made, &key, &error), error);
                }
                return new Key(&key);
            }
            finally
            {
                Native.zimg_request_destroy(made);
            }
        }

        public IReadOnlyList<KeyField> ExplainKey(Request request)
        {
            if (request == null) throw new ArgumentNullException(nameof(request));
            IntPtr made = request.Make();
            IntPtr fields = IntPtr.Zero;
            try
            {
                IntPtr error;
                using (Handle.Use generator = handle.Borrow())
                {
                    guard.Check(
                        Native.zimg_generator_explain_key(generator.Pointer, made, &fields, &error), error);
                }
                var listed = new List<KeyField>();
                for (int i = 0; i < (int)Native.zimg_key_fields_count(fields); ++i)
                {
                    listed.Add(new KeyField(
                        Native.zimg_key_fields_tag(fields, (UIntPtr)(uint)i),
                        Text.Of(Native.zimg_key_fields_name, fields, i),
                        Text.Of(Native.zimg_key_fields_value, fields, i),
                        Native.zimg_key_fields_is_live(fields, (UIntPtr)(uint)i) != 0));
                }
                return listed;
            }
            finally
            {
                Native.zimg_key_fields_destroy(fields);
                Native.zimg_request_destroy(made);
            }
        }

        /// <summary>To be disposed.</summary>
        public Metrics Metrics()
        {
            IntPtr metrics;
            IntPtr error;
            using (Handle.Use generator = handle.Borrow())
            {
                ZimgException.Check(Native.zimg_generator_metrics(generator.Pointer, &metrics, &error), error);
            }
            return new Metrics(metrics);
        }

        /// <summary>Waits until every pending store has committed or failed.</summary>
        public void Drain()
        {
            using (Handle.Use generator = handle.Borrow())
            {
                IntPtr error;
                ZimgException.Check(Native.zimg_generator_drain(generator.Pointer, &error), error);
            }
        }

        public string ModelName
        {
            get
            {
                using (Handle.Use generator = handle.Borrow())
                {
                    return Text.Of(Native.zimg_generator_model_name, generator.Pointer);
                }
            }
        }

        public bool IsBuiltinModel
        {
            get
            {
                using (Handle.Use generator = handle.Borrow())
                {
                    return Native.zimg_generator_is_builtin_model(generator.Pointer) != 0;
                }
            }
        }

        /// <summary>Draws what is missing of a list; blocks. Where `onProgress` returns false the run ends as cancelled.
        /// That single items failed is told in the report.</summary>
        public PrewarmReport Prewarm(
            Prewarm prewarm, CancellationToken cancellation = default, RunProgress onProgress = null)
        {
            if (prewarm == null) throw new ArgumentNullException(nameof(prewarm));
            using (Handle.Use generator = handle.Borrow())
            {
                PrewarmReport report = prewarm.Run(generator.Pointer, cancellation, onProgress);
                guard.ThrowFailure();
                return report;
            }
        }

        /// <summary>As often as one likes. Calls in flight and jobs end; whoever comes last waits for pending stores.
        /// </summary>
        public void Dispose()
        {
            handle.Dispose();
        }
    }
}
