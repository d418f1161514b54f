using System;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>One request, answered by a thread of its own. Made by Generator.Start(). Any thread.</summary>
    public sealed unsafe class Job : IDisposable
    {
        private static readonly ProgressFunction told = Told;  // for ever: C may call them at any time
        private static readonly JobFunction done = Done;

        private readonly Handle handle;
        private readonly Progresses progresses;
        private readonly CancellationTokenRegistration registration;

        internal Job(
            Handle generator, Request request, CancellationToken cancellation, IProgress<Progress> progress,
            Action onDone)
        {
            if (request == null) throw new ArgumentNullException(nameof(request));
            if (progress != null) progresses = new Progresses(progress);
            handle = new Handle(Created(generator, request), Native.zimg_job_destroy, nameof(Job));
            progresses?.StopBy(handle);
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
                if (progresses != null) SetProgress(made);
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

        private void SetProgress(IntPtr request)
        {
            IntPtr held = Held.Hold(progresses);
            IntPtr error;
            int status = Native.zimg_request_set_progress(
                request, Marshal.GetFunctionPointerForDelegate(told), held, Held.ReleasePointer, &error);
            if (status != 0) Held.Forget(held);
            ZimgException.Check(status, error);
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

        /// <summary>Until it is done, at most so long; false where the time ran out. null is without end.</summary>
        public bool Wait(TimeSpan? timeout = null)
        {
            long ms = timeout is TimeSpan time ? Math.Max(0, (long)time.TotalMilliseconds) : -1;
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
            progresses?.Failure?.Throw();
            IntPtr result;
            IntPtr error;
            using (Handle.Use job = handle.Borrow())
            {
                ZimgException.Check(Native.zimg_job_result(job.Pointer, &result, &error), error);
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

        /// <summary>Who is told of the progress. What that throws ends the job.</summary>
        private sealed class Progresses
        {
            private readonly IProgress<Progress> progress;
            private WeakReference<Handle> job;  // a job that nobody holds any more is to go
            private ExceptionDispatchInfo failure;

            internal Progresses(IProgress<Progress> progress)
            {
                this.progress = progress;
            }

            internal ExceptionDispatchInfo Failure => Volatile.Read(ref failure);

            internal void StopBy(Handle handle)
            {
                job = new WeakReference<Handle>(handle);
            }

            internal void Tell(IntPtr step)
            {
                try
                {
                    progress.Report(new Progress(step));
                }
                catch (Exception thrown)
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(thrown), null);
                    Stop();
                }
            }

            private void Stop()
            {
                if (job == null || !job.TryGetTarget(out Handle handle)) return;
                try
                {
                    using (Handle.Use use = handle.Borrow()) Native.zimg_job_cancel(use.Pointer);
                }
                catch (ObjectDisposedException)
                {
                    // It is being cancelled anyway.
                }
            }
        }

        private static void Told(IntPtr userData, IntPtr progress)
        {
            try
            {
                Held.Get<Progresses>(userData).Tell(progress);
            }
            catch (Exception)
            {
                // Nothing may cross C.
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
                // As above; it is this library's own and throws nothing.
            }
        }
    }
}
