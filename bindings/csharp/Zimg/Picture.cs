using System;
using System.Collections.Generic;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>Pixels: interleaved 8-bit RGB, rows from the top, Width * Height * 3 octets.</summary>
    public sealed unsafe class Picture
    {
        public Picture(int width, int height, byte[] rgb)
        {
            Width = width;
            Height = height;
            Rgb = rgb ?? throw new ArgumentNullException(nameof(rgb));
        }

        internal Picture(IntPtr picture)
        {
            UIntPtr size;
            byte* rgb = Native.zimg_picture_rgb(picture, &size);
            Width = (int)Native.zimg_picture_width(picture);
            Height = (int)Native.zimg_picture_height(picture);
            Rgb = Text.Octets(rgb, size);
        }

        public int Width { get; }
        public int Height { get; }
        public byte[] Rgb { get; }

        /// <summary>Set by a pipeline, for reports: milliseconds of Wait, Load, EncodeText, Denoise, Decode.</summary>
        public Dictionary<Stage, double> StagesMs { get; } = new Dictionary<Stage, double>();

        /// <summary>The pixels of a PNG or a JPEG; what is transparent in it is laid on white.</summary>
        public static Picture Decode(byte[] encoded)
        {
            if (encoded == null) throw new ArgumentNullException(nameof(encoded));
            IntPtr picture;
            IntPtr error;
            int status;
            fixed (byte* data = Text.AtLeastOne(encoded))
            {
                status = Native.zimg_picture_decode(data, (UIntPtr)(uint)encoded.Length, &picture, &error);
            }
            ZimgException.Check(status, error);
            try
            {
                return new Picture(picture);
            }
            finally
            {
                Native.zimg_picture_destroy(picture);
            }
        }

        internal void Fill(IntPtr picture)
        {
            IntPtr error;
            int status;
            fixed (byte* data = Text.AtLeastOne(Rgb))
            {
                status = Native.zimg_picture_set_rgb(
                    picture, checked((uint)Width), checked((uint)Height), data, (UIntPtr)(uint)Rgb.Length, &error);
            }
            ZimgException.Check(status, error);
            foreach (KeyValuePair<Stage, double> stage in StagesMs)
            {
                ZimgException.Check(
                    Native.zimg_picture_set_stage_ms(picture, (int)stage.Key, stage.Value, &error), error);
            }
        }
    }

    /// <summary>What a PNG or JPEG says about itself.</summary>
    public sealed unsafe class PictureFacts
    {
        private PictureFacts(IntPtr facts)
        {
            Format = (ImageFormat)Native.zimg_picture_facts_format(facts);
            Width = (int)Native.zimg_picture_facts_width(facts);
            Height = (int)Native.zimg_picture_facts_height(facts);
            var texts = new List<KeyValuePair<string, string>>();
            for (int i = 0; i < (int)Native.zimg_picture_facts_text_count(facts); ++i)
            {
                texts.Add(new KeyValuePair<string, string>(
                    Text.Of(Native.zimg_picture_facts_keyword, facts, i),
                    Text.Of(Native.zimg_picture_facts_text, facts, i)));
            }
            Texts = texts;
        }

        public ImageFormat Format { get; }
        public int Width { get; }
        public int Height { get; }

        /// <summary>Keyword and text in file order: "parameters" (as A1111 writes it), "zimg" (JSON), and any other.
        /// </summary>
        public IReadOnlyList<KeyValuePair<string, string>> Texts { get; }

        /// <summary>Without decoding it.</summary>
        public static PictureFacts Read(byte[] encoded)
        {
            if (encoded == null) throw new ArgumentNullException(nameof(encoded));
            IntPtr facts;
            IntPtr error;
            int status;
            fixed (byte* data = Text.AtLeastOne(encoded))
            {
                status = Native.zimg_picture_facts_read(data, (UIntPtr)(uint)encoded.Length, &facts, &error);
            }
            ZimgException.Check(status, error);
            try
            {
                return new PictureFacts(facts);
            }
            finally
            {
                Native.zimg_picture_facts_destroy(facts);
            }
        }
    }
}
