using System;
using System.Text;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>Names one picture: the SHA-256 or HMAC-SHA-256 of a canonical request, 32 octets.</summary>
    public sealed unsafe class Key : IEquatable<Key>
    {
        private readonly byte[] octets;

        public Key(byte[] octets)
        {
            if (octets == null) throw new ArgumentNullException(nameof(octets));
            if (octets.Length != 32)
            {
                throw new ZimgException(
                    Status.InvalidArgument, $"a key of {octets.Length} octets; 32 are expected");
            }
            this.octets = (byte[])octets.Clone();
        }

        internal Key(Raw.Key* key) : this(Text.Octets(key->bytes, (UIntPtr)32)) { }

        /// <summary>64 hexadecimal digits of either case.</summary>
        public static Key FromHex(string digits)
        {
            byte[] text = Text.Utf8(digits, nameof(digits), out UIntPtr size);
            Raw.Key key;
            IntPtr error;
            int status;
            fixed (byte* data = text) status = Native.zimg_key_from_hex(data, size, &key, &error);
            ZimgException.Check(status, error);
            return new Key(&key);
        }

        public byte[] ToArray()
        {
            return (byte[])octets.Clone();
        }

        internal Raw.Key ToRaw()
        {
            Raw.Key key;
            for (int i = 0; i < 32; ++i) key.bytes[i] = octets[i];
            return key;
        }

        /// <summary>64 lower-case hexadecimal digits.</summary>
        public override string ToString()
        {
            var digits = new byte[65];
            Raw.Key key = ToRaw();
            IntPtr error;
            int status;
            fixed (byte* data = digits) status = Native.zimg_key_to_hex(&key, data, (UIntPtr)65, &error);
            ZimgException.Check(status, error);
            return Encoding.ASCII.GetString(digits, 0, 64);
        }

        public bool Equals(Key other)
        {
            if (other == null) return false;
            for (int i = 0; i < 32; ++i)
            {
                if (octets[i] != other.octets[i]) return false;
            }
            return true;
        }

        public override bool Equals(object other)
        {
            return Equals(other as Key);
        }

        public override int GetHashCode()
        {
            return BitConverter.ToInt32(octets, 0);
        }
    }

    /// <summary>One field of a picture key, for people.</summary>
    public sealed class KeyField
    {
        internal KeyField(int tag, string name, string value, bool isLive)
        {
            Tag = tag;
            Name = name;
            Value = value;
            IsLive = isLive;
        }

        public int Tag { get; }
        public string Name { get; }
        public string Value { get; }

        /// <summary>False: shown for completeness, not in the key.</summary>
        public bool IsLive { get; }
    }

    /// <summary>The keys of a published article, bit for bit.</summary>
    public static unsafe class ArticleKey
    {
        /// <param name="config">A JSON object with resolution, steps, cfg_scale and model_version, as text: 7 and 7.0
        /// are two.</param>
        public static Key Of(string prompt, string negativePrompt, string config)
        {
            byte[] a = Text.Utf8(prompt, nameof(prompt), out UIntPtr aSize);
            byte[] b = Text.Utf8(negativePrompt, nameof(negativePrompt), out UIntPtr bSize);
            byte[] c = Text.Utf8(config, nameof(config), out UIntPtr cSize);
            Raw.Key key;
            IntPtr error;
            int status;
            fixed (byte* x = a)
            fixed (byte* y = b)
            fixed (byte* z = c)
            {
                status = Native.zimg_article_key(x, aSize, y, bSize, z, cSize, &key, &error);
            }
            ZimgException.Check(status, error);
            return new Key(&key);
        }

        /// <summary>What Of() is the SHA-256 of.</summary>
        public static string TextOf(string prompt, string negativePrompt, string config)
        {
            byte[] a = Text.Utf8(prompt, nameof(prompt), out UIntPtr aSize);
            byte[] b = Text.Utf8(negativePrompt, nameof(negativePrompt), out UIntPtr bSize);
            byte[] c = Text.Utf8(config, nameof(config), out UIntPtr cSize);
            IntPtr text;
            IntPtr error;
            int status;
            fixed (byte* x = a)
            fixed (byte* y = b)
            fixed (byte* z = c)
            {
                status = Native.zimg_article_text(x, aSize, y, bSize, z, cSize, &text, &error);
            }
            ZimgException.Check(status, error);
            return Text.Taken(text);
        }

        /// <summary>The same for one JSON object with prompt, negative_prompt (absent is empty) and config.</summary>
        public static Key OfJson(string json)
        {
            byte[] text = Text.Utf8(json, nameof(json), out UIntPtr size);
            Raw.Key key;
            IntPtr error;
            int status;
            fixed (byte* data = text) status = Native.zimg_article_key_of_json(data, size, &key, &error);
            ZimgException.Check(status, error);
            return new Key(&key);
        }

        public static string TextOfJson(string json)
        {
            return Text.Taken(Set.Make(Native.zimg_article_text_of_json, json, nameof(json)));
        }
    }
}
