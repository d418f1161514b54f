using System;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>Who is told of the progress of a request. What that throws stops the request and is thrown by it.
    /// </summary>
    internal sealed unsafe class Listener
    {
        private static readonly ProgressFunction told = Told;  // for ever: C may call it at any time

        private readonly IProgress<Progress> progress;
        private ExceptionDispatchInfo failure;

        internal Listener(IProgress<Progress> progress)
        {
            this.progress = progress;
        }

        /// <summary>Stops the request; set before it begins.</summary>
        internal Action Stop { private get; set; }

        internal void SetIn(IntPtr request)
        {
            IntPtr held = Held.Hold(this);
            IntPtr error;
            int status = Native.zimg_request_set_progress(
                request, Marshal.GetFunctionPointerForDelegate(told), held, Held.ReleasePointer, &error);
            if (status != 0) Held.Forget(held);
            ZimgException.Check(status, error);
        }

        internal bool HasFailed => Volatile.Read(ref failure) != null;

        internal void ThrowFailure()
        {
            Volatile.Read(ref failure)?.Throw();
        }

        private void Tell(IntPtr step)
        {
            try
            {
                progress.Report(new Progress(step));
            }
            catch (Exception thrown)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(thrown), null);
                Stop?.Invoke();
            }
        }

        private static void Told(IntPtr userData, IntPtr progress)
        {
            try
            {
                Held.Get<Listener>(userData).Tell(progress);
            }
            catch (Exception)
            {
                // Nothing may cross C; Stop() throws nothing.
            }
        }
    }
}
