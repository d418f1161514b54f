using System;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>What a cache keeps: an encoded picture and the facts beside it.</summary>
    public sealed unsafe class Entry
    {
        public Entry() { }

        public Entry(byte[] payload)
        {
            Payload = payload;
        }

        internal Entry(IntPtr entry)
        {
            UIntPtr size;
            byte* payload = Native.zimg_entry_payload(entry, &size);
            if (payload != null) Payload = Text.Octets(payload, size);
            Format = (ImageFormat)Native.zimg_entry_format(entry);
            Width = Native.zimg_entry_width(entry);
            Height = Native.zimg_entry_height(entry);
            Seed = Native.zimg_entry_seed(entry);
            Steps = Native.zimg_entry_steps(entry);
            Guidance = Native.zimg_entry_guidance(entry);
            DrawMs = Native.zimg_entry_draw_ms(entry);
            StoredAtMs = Native.zimg_entry_stored_at_ms(entry);
            ExpiresAtMs = Native.zimg_entry_expires_at_ms(entry);
            Namespace = Text.Of(Native.zimg_entry_namespace, entry);
            Model = Text.Of(Native.zimg_entry_model, entry);
            Tag = Text.Of(Native.zimg_entry_tag, entry);
            IsPinned = Native.zimg_entry_is_pinned(entry) != 0;
            PayloadSha256 = Text.Octets(Native.zimg_entry_payload_sha256(entry), (UIntPtr)32);
        }

        /// <summary>The encoded picture; null where it was not read.</summary>
        public byte[] Payload { get; set; }
        public ImageFormat Format { get; set; } = ImageFormat.Png;
        public uint Width { get; set; }
        public uint Height { get; set; }
        public uint Seed { get; set; }
        public uint Steps { get; set; }
        public double Guidance { get; set; }

        /// <summary>What drawing it again would cost, in milliseconds.</summary>
        public double DrawMs { get; set; }

        /// <summary>Unix time in milliseconds; 0 lets the cache set it.</summary>
        public long StoredAtMs { get; set; }

        /// <summary>Unix time in milliseconds; 0 is never.</summary>
        public long ExpiresAtMs { get; set; }

        /// <summary>At most 64 bytes.</summary>
        public string Namespace { get; set; } = "";

        /// <summary>The model's name, at most 255 bytes.</summary>
        public string Model { get; set; } = "";

        /// <summary>At most 255 bytes.</summary>
        public string Tag { get; set; } = "";

        /// <summary>Never evicted for room; it expires all the same.</summary>
        public bool IsPinned { get; set; }

        /// <summary>null lets the cache compute it.</summary>
        public byte[] PayloadSha256 { get; set; }

        /// <summary>A zimg_entry of it, which the caller destroys.</summary>
        internal IntPtr Make()
        {
            return Set.Filled(Set.Make(Native.zimg_entry_create), Fill, Native.zimg_entry_destroy);
        }

        internal void Fill(IntPtr entry)
        {
            IntPtr error;
            if (Payload != null)
            {
                int status;
                fixed (byte* data = Text.AtLeastOne(Payload))
                {
                    status = Native.zimg_entry_set_payload(entry, data, (UIntPtr)(uint)Payload.Length, &error);
                }
                ZimgException.Check(status, error);
            }
            Set.To(Native.zimg_entry_set_format, entry, (int)Format);
            ZimgException.Check(Native.zimg_entry_set_size(entry, Width, Height, &error), error);
            Set.To(Native.zimg_entry_set_seed, entry, Seed);
            Set.To(Native.zimg_entry_set_steps, entry, Steps);
            Set.To(Native.zimg_entry_set_guidance, entry, Guidance);
            Set.To(Native.zimg_entry_set_draw_ms, entry, DrawMs);
            Set.To(Native.zimg_entry_set_stored_at_ms, entry, StoredAtMs);
            Set.To(Native.zimg_entry_set_expires_at_ms, entry, ExpiresAtMs);
            Set.To(Native.zimg_entry_set_namespace, entry, Namespace, "Namespace");
            Set.To(Native.zimg_entry_set_model, entry, Model, "Model");
            Set.To(Native.zimg_entry_set_tag, entry, Tag, "Tag");
            Set.To(Native.zimg_entry_set_pinned, entry, IsPinned);
            if (PayloadSha256 == null) return;
            int set;
            fixed (byte* data = Text.AtLeastOne(PayloadSha256))
            {
                set = Native.zimg_entry_set_payload_sha256(
                    entry, data, (UIntPtr)(uint)PayloadSha256.Length, &error);
            }
            ZimgException.Check(set, error);
        }
    }
}
