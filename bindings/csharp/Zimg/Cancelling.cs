using System;
using System.Threading;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>A CancellationToken as zimg's own, for the time of one call.</summary>
    internal sealed unsafe class Cancelling : IDisposable
    {
        private readonly Handle token =
            new Handle(Set.Make(Native.zimg_cancel_token_create), Native.zimg_cancel_token_destroy, "cancel token");
        private readonly CancellationTokenRegistration registration;

        internal Cancelling(CancellationToken cancellation)
        {
            registration = cancellation.Register(Cancel);  // at once where it is late
        }

        internal delegate int Setter(IntPtr owner, IntPtr token, IntPtr* error);

        internal void SetIn(Setter set, IntPtr owner)
        {
            using (Handle.Use use = token.Borrow())
            {
                IntPtr error;
                ZimgException.Check(set(owner, use.Pointer, &error), error);
            }
        }

        /// <summary>Also after the call, where it does nothing.</summary>
        internal void Cancel()
        {
            try
            {
                using (Handle.Use use = token.Borrow()) Native.zimg_cancel_token_cancel(use.Pointer);
            }
            catch (ObjectDisposedException)
            {
                // The call is over.
            }
        }

        public void Dispose()
        {
            registration.Dispose();
            token.Dispose();
        }
    }
}
