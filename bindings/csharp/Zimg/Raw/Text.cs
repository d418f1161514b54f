using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Zimg.Raw
{
    /// <summary>C#'s strings as UTF-8, and back.</summary>
    internal static unsafe class Text
    {
        internal delegate byte* Getter(IntPtr handle, UIntPtr* out_size);
        internal delegate byte* IndexedGetter(IntPtr handle, UIntPtr index, UIntPtr* out_size);

        private static readonly UTF8Encoding Strict = new UTF8Encoding(false, true);
        private static readonly UTF8Encoding Lenient = new UTF8Encoding(false, false);

        /// <summary>At least one octet long, so that `fixed` gives a pointer; the length is beside it.</summary>
        internal static byte[] Utf8(string text, string name, out UIntPtr size)
        {
            if (text == null) throw new ArgumentNullException(name);
            try
            {
                int length = Strict.GetByteCount(text);
                var octets = new byte[length == 0 ? 1 : length];
                Strict.GetBytes(text, 0, text.Length, octets, 0);
                size = (UIntPtr)(uint)length;
                return octets;
            }
            catch (EncoderFallbackException wrong)
            {
                throw new ZimgException(Status.InvalidArgument,
                    $"the argument '{name}' has a lone surrogate at character {wrong.Index}; text is expected");
            }
        }

        /// <summary>What has no UTF-8 is replaced: for messages that go into zimg.</summary>
        internal static byte[] Replaced(string text)
        {
            return Lenient.GetBytes(text ?? "");
        }

        internal static byte[] AtLeastOne(byte[] octets)
        {
            return octets.Length == 0 ? new byte[1] : octets;
        }

        internal static string From(byte* text, UIntPtr size)
        {
            return text == null ? "" : Lenient.GetString(text, checked((int)size));
        }

        internal static string FromEnded(byte* text)
        {
            int length = 0;
            while (text[length] != 0) ++length;
            return Lenient.GetString(text, length);
        }

        internal static string Of(Getter get, IntPtr handle)
        {
            UIntPtr size;
            byte* text = get(handle, &size);
            return From(text, size);
        }

        internal static string Of(IndexedGetter get, IntPtr handle, int index)
        {
            UIntPtr size;
            byte* text = get(handle, (UIntPtr)(uint)index, &size);
            return From(text, size);
        }

        internal static string[] All(IndexedGetter get, IntPtr handle, UIntPtr count)
        {
            var texts = new string[(int)count];
            for (int i = 0; i < texts.Length; ++i) texts[i] = Of(get, handle, i);
            return texts;
        }

        internal static byte[] Octets(byte* data, UIntPtr size)
        {
            var octets = new byte[data == null ? 0 : checked((int)size)];
            if (octets.Length != 0) Marshal.Copy((IntPtr)data, octets, 0, octets.Length);
            return octets;
        }

        /// <summary>Takes over a zimg_text.</summary>
        internal static string Taken(IntPtr text)
        {
            try
            {
                return Of(Native.zimg_text_data, text);
            }
            finally
            {
                Native.zimg_text_destroy(text);
            }
        }
    }
}
