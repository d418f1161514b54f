using System;
using System.Runtime.InteropServices;

namespace Zimg.Raw
{
    /// <summary>Objects that C holds on to as `user_data`, until it releases them.</summary>
    internal static class Held
    {
        private static readonly ReleaseFunction release = Release;  // for ever: C may call it at any time
        internal static readonly IntPtr ReleasePointer = Marshal.GetFunctionPointerForDelegate(release);

        internal static IntPtr Hold(object thing)
        {
            return GCHandle.ToIntPtr(GCHandle.Alloc(thing));
        }

        internal static T Get<T>(IntPtr userData)
        {
            return (T)GCHandle.FromIntPtr(userData).Target;
        }

        /// <summary>Takes back Hold(), where the call that should have taken it failed.</summary>
        internal static void Forget(IntPtr userData)
        {
            GCHandle.FromIntPtr(userData).Free();
        }

        private static void Release(IntPtr userData)
        {
            try
            {
                Forget(userData);
            }
            catch (Exception)
            {
                // Nothing may cross C.
            }
        }
    }
}
