using System;
using System.Runtime.InteropServices;

namespace Zimg.Raw
{
    /// <summary>
    /// Owns a handle of the C API. It is destroyed when it was disposed or dropped and the last call with it has ended.
    /// </summary>
    internal sealed class Handle : SafeHandle
    {
        internal delegate void Destroy(IntPtr handle);

        private readonly Destroy destroy;
        private readonly string name;

        internal Handle(IntPtr pointer, Destroy destroy, string name) : base(IntPtr.Zero, true)
        {
            this.destroy = destroy;
            this.name = name;
            SetHandle(pointer);
        }

        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle()
        {
            destroy(handle);
            return true;
        }

        /// <summary>Keeps it alive for as long as the use is not disposed.</summary>
        internal Use Borrow()
        {
            bool isHeld = false;
            try
            {
                DangerousAddRef(ref isHeld);
            }
            catch (ObjectDisposedException)
            {
                throw new ObjectDisposedException(name);
            }
            return new Use(this);
        }

        internal struct Use : IDisposable
        {
            private Handle owner;

            internal Use(Handle owner)
            {
                this.owner = owner;
            }

            internal IntPtr Pointer => owner.handle;

            public void Dispose()
            {
                owner?.DangerousRelease();
                owner = null;
            }
        }
    }
}
