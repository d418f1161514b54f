using System;
using System.Runtime.InteropServices;
using System.Threading;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>One request, answered by a thread of its own. Made by Generator.Start(). Any thread.</summary>
    public sealed unsafe class Job : IDisposable
    {
        private static readonly JobFunction done = Done;  // for ever: C may call it at any time

        private readonly Handle handle;
        private readonly Guard guard;  // of the generator
        private readonly Listener listener;
        private readonly CancellationTokenRegistration registration;

        internal Job(
            Handle generator, Guard guard, Request request, CancellationToken cancellation,
            IProgress<Progress> progress, Action onDone)
        {
            if (request == null) throw new ArgumentNullException(nameof(request));
            this.guard = guard;
            if (progress != null) listener = new Listener(progress);
            handle = new Handle(Created(generator, request), Native.zimg_job_destroy, nameof(Job));
            if (listener != null) listener.Stop = StopOf(new WeakReference<Handle>(handle));
            try
            {
                if (onDone != null) SetDone(onDone);
                registration = cancellation.Register(CancelUnlessGone);  // at once, before the start, where it is late
                using (Handle.Use job = handle.Borrow())
                {
                    IntPtr error;
                    ZimgException.Check(Native.zimg_job_start(job.Pointer, &error), error);
                }
            }
            catch
            {
                registration.Dispose();
                handle.Dispose();
                throw;
            }
        }

        private IntPtr Created(Handle generator, Request request)
        {
            IntPtr made = request.Make();
            try
            {
                IntPtr error;
                listener?.SetIn(made);
                using (Handle.Use use = generator.Borrow())
                {
                    IntPtr job;
                    ZimgException.Check(Native.zimg_job_create(use.Pointer, made, &job, &error), error);
                    return job;
                }
            }
            finally
            {
                Native.zimg_request_destroy(made);
            }
        }

        private void SetDone(Action onDone)
        {
            IntPtr held = Held.Hold(onDone);
            IntPtr error;
            int status;
            using (Handle.Use job = handle.Borrow())
            {
                status = Native.zimg_job_set_done(
                    job.Pointer, Marshal.GetFunctionPointerForDelegate(done), held, Held.ReleasePointer, &error);
            }
            if (status != 0) Held.Forget(held);
            ZimgException.Check(status, error);
        }

        public bool IsDone
        {
            get
            {
                using (Handle.Use job = handle.Borrow())
                {
                    return Native.zimg_job_poll(job.Pointer) == (int)JobState.Done;
                }
            }
        }

        /// <summary>Steps finished; 0 before the first.</summary>
        public int Step => Steps(out _);

        /// <summary>Steps finished, and in all.</summary>
        public int Steps(out int inAll)
        {
            uint step;
            uint steps;
            using (Handle.Use job = handle.Borrow()) Native.zimg_job_progress(job.Pointer, &step, &steps);
            inAll = (int)steps;
            return (int)step;
        }

        /// <summary>The newest; NotFound where there is none yet.</summary>
        public Picture Preview()
        {
            IntPtr picture;
            IntPtr error;
            using (Handle.Use job = handle.Borrow())
            {
                ZimgException.Check(Native.zimg_job_preview(job.Pointer, &picture, &error), error);
            }
            try
            {
                return new Picture(picture);
            }
            finally
            {
                Native.zimg_picture_destroy(picture);
            }
        }

        /// <summary>Until it is done, at most so long; false where the time ran out. null and Timeout.InfiniteTimeSpan are
        /// without end.</summary>
        public bool Wait(TimeSpan? timeout = null)
        {
            long ms = timeout is TimeSpan time && time != Timeout.InfiniteTimeSpan ? Math.Max(0, (long)time.TotalMilliseconds) : -1;
            int isDone;
            IntPtr error;
            using (Handle.Use job = handle.Borrow())
            {
                ZimgException.Check(Native.zimg_job_wait(job.Pointer, ms, &isDone, &error), error);
            }
            return isDone != 0;
        }

        /// <summary>The picture of a job that is done, or what became of it is thrown; to be disposed.</summary>
        public Result Result()
        {
            listener?.ThrowFailure();
            IntPtr result;
            IntPtr error;
            using (Handle.Use job = handle.Borrow())
            {
                int status = Native.zimg_job_result(job.Pointer, &result, &error);
                guard.Check(status, error, result, Native.zimg_result_destroy);
            }
            return new Result(result);
        }

        /// <summary>From any thread, at any time, as often as one likes.</summary>
        public void Cancel()
        {
            using (Handle.Use job = handle.Borrow()) Native.zimg_job_cancel(job.Pointer);
        }

        /// <summary>Cancels it and waits for its end. As often as one likes.</summary>
        public void Dispose()
        {
            registration.Dispose();
            CancelUnlessGone();
            handle.Dispose();
        }

        // It holds no job: one that nobody holds any more is to go, and be cancelled by that.
        private static Action StopOf(WeakReference<Handle> job)
        {
            return () =>
            {
                if (!job.TryGetTarget(out Handle handle)) return;
                try
                {
                    using (Handle.Use use = handle.Borrow()) Native.zimg_job_cancel(use.Pointer);
                }
                catch (ObjectDisposedException)
                {
                    // It is being cancelled anyway.
                }
            };
        }

        private void CancelUnlessGone()
        {
            try
            {
                Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It was cancelled by that.
            }
        }

        private static void Done(IntPtr userData, IntPtr job)
        {
            try
            {
                Held.Get<Action>(userData)();
            }
            catch (Exception)
            {
                // Nothing may cross C; it is this library's own and throws nothing.
            }
        }
    }
}
