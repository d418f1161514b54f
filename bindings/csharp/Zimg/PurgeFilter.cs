using System;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>Which entries to erase: those that fit all that is set.</summary>
    public sealed class PurgeFilter
    {
        public string Namespace { get; set; }
        public string Model { get; set; }
        public string Tag { get; set; }
        public DateTimeOffset? StoredBefore { get; set; }

        /// <summary>Hexadecimal digits that the key begins with.</summary>
        public string KeyPrefix { get; set; }

        /// <summary>Pinned entries stay.</summary>
        public bool SparesPinned { get; set; }

        public unsafe bool Matches(Key key, Entry entry)
        {
            if (key == null) throw new ArgumentNullException(nameof(key));
            if (entry == null) throw new ArgumentNullException(nameof(entry));
            IntPtr filter = Make();
            IntPtr made = IntPtr.Zero;
            try
            {
                made = entry.Make();
                Raw.Key raw = key.ToRaw();
                return Native.zimg_purge_filter_matches(filter, &raw, made) != 0;
            }
            finally
            {
                Native.zimg_entry_destroy(made);
                Native.zimg_purge_filter_destroy(filter);
            }
        }

        internal IntPtr Make()
        {
            unsafe
            {
                return Set.Filled(Set.Make(Native.zimg_purge_filter_create), Fill, Native.zimg_purge_filter_destroy);
            }
        }

        private unsafe void Fill(IntPtr filter)
        {
            if (Namespace != null) Set.To(Native.zimg_purge_filter_set_namespace, filter, Namespace, "Namespace");
            if (Model != null) Set.To(Native.zimg_purge_filter_set_model, filter, Model, "Model");
            if (Tag != null) Set.To(Native.zimg_purge_filter_set_tag, filter, Tag, "Tag");
            if (KeyPrefix != null) Set.To(Native.zimg_purge_filter_set_key_prefix, filter, KeyPrefix, "KeyPrefix");
            if (StoredBefore is DateTimeOffset time)
            {
                Set.To(Native.zimg_purge_filter_set_stored_before_ms, filter, time.ToUnixTimeMilliseconds());
            }
            Set.To(Native.zimg_purge_filter_set_spares_pinned, filter, SparesPinned);
        }
    }
}
