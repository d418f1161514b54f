using System;

namespace Zimg.Raw
{
    /// <summary>Setters of the C API, by the type of what they take. For values that are set seldom.</summary>
    internal static unsafe class Set
    {
        internal delegate int TextSetter(IntPtr handle, byte* text, UIntPtr size, IntPtr* error);
        internal delegate int IntSetter(IntPtr handle, int value, IntPtr* error);
        internal delegate int UintSetter(IntPtr handle, uint value, IntPtr* error);
        internal delegate int UlongSetter(IntPtr handle, ulong value, IntPtr* error);
        internal delegate int LongSetter(IntPtr handle, long value, IntPtr* error);
        internal delegate int DoubleSetter(IntPtr handle, double value, IntPtr* error);
        internal delegate int Maker(IntPtr* made, IntPtr* error);
        internal delegate int TextMaker(byte* text, UIntPtr size, IntPtr* made, IntPtr* error);
        internal delegate int SecretAdder(
            IntPtr handle, byte* name, UIntPtr name_size, byte* secret, UIntPtr secret_size, IntPtr* error);

        internal static void To(TextSetter set, IntPtr handle, string text, string name)
        {
            byte[] octets = Text.Utf8(text, name, out UIntPtr size);
            IntPtr error;
            int status;
            fixed (byte* data = octets) status = set(handle, data, size, &error);
            ZimgException.Check(status, error);
        }

        internal static void To(IntSetter set, IntPtr handle, int value)
        {
            IntPtr error;
            ZimgException.Check(set(handle, value, &error), error);
        }

        internal static void To(IntSetter set, IntPtr handle, bool value)
        {
            To(set, handle, value ? 1 : 0);
        }

        internal static void To(UintSetter set, IntPtr handle, uint value)
        {
            IntPtr error;
            ZimgException.Check(set(handle, value, &error), error);
        }

        internal static void To(UlongSetter set, IntPtr handle, ulong value)
        {
            IntPtr error;
            ZimgException.Check(set(handle, value, &error), error);
        }

        internal static void To(LongSetter set, IntPtr handle, long value)
        {
            IntPtr error;
            ZimgException.Check(set(handle, value, &error), error);
        }

        internal static void To(DoubleSetter set, IntPtr handle, double value)
        {
            IntPtr error;
            ZimgException.Check(set(handle, value, &error), error);
        }

        internal static IntPtr Make(Maker make)
        {
            IntPtr made;
            IntPtr error;
            ZimgException.Check(make(&made, &error), error);
            return made;
        }

        internal static IntPtr Make(TextMaker make, string text, string name)
        {
            byte[] octets = Text.Utf8(text, name, out UIntPtr size);
            IntPtr made;
            IntPtr error;
            int status;
            fixed (byte* data = octets) status = make(data, size, &made, &error);
            ZimgException.Check(status, error);
            return made;
        }

        internal static void Secret(SecretAdder add, IntPtr handle, string name, byte[] secret)
        {
            if (secret == null) throw new ArgumentNullException(nameof(secret));
            byte[] octets = Text.Utf8(name, "name", out UIntPtr size);
            IntPtr error;
            int status;
            fixed (byte* data = octets)
            fixed (byte* secretData = Text.AtLeastOne(secret))
            {
                status = add(handle, data, size, secretData, (UIntPtr)(uint)secret.Length, &error);
            }
            ZimgException.Check(status, error);
        }

        /// <summary>Fills what was made, and destroys it where that fails.</summary>
        internal static IntPtr Filled(IntPtr made, Action<IntPtr> fill, Handle.Destroy destroy)
        {
            try
            {
                fill(made);
                return made;
            }
            catch
            {
                destroy(made);
                throw;
            }
        }
    }
}
