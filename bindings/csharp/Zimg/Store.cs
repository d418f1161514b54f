using System;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>An entry of a bundle that is not imported.</summary>
    public sealed class RefusedEntry
    {
        internal RefusedEntry(ulong number, Key key, string reason)
        {
            Number = number;
            Key = key;
            Reason = reason;
        }

        public ulong Number { get; }

        /// <summary>null where it could not be read.</summary>
        public Key Key { get; }
        public string Reason { get; }
    }

    /// <summary>Entries of a cache as one file.</summary>
    public static unsafe class Bundle
    {
        /// <summary>Writes the entries for which it returns true (null: all), in key order: Entries PayloadBytes LeftOut.
        /// The file appears when it is whole, with mode 0600, in place of one that was there.</summary>
        public static Counts Export(Cache cache, string path, EntryFilter chosen = null, RunProgress onProgress = null)
        {
            if (cache == null) throw new ArgumentNullException(nameof(cache));
            byte[] text = Text.Utf8(path, nameof(path), out UIntPtr size);
            IntPtr tally;
            IntPtr error;
            int status;
            using (var visit = new Visit())
            using (Handle.Use use = cache.Handle.Borrow())
            {
                fixed (byte* data = text)
                {
                    status = Native.zimg_bundle_export(
                        use.Pointer, data, size, visit.Entries(chosen), visit.Tallies(onProgress), IntPtr.Zero,
                        &tally, &error);
                }
                visit.Check(status, error);
            }
            return Counts.TakenTally(tally);
        }

        /// <summary>Stores every sound entry: Entries Stored PayloadBytes Refused ReadBytes FileBytes IsWhole.</summary>
        public static Counts Import(
            Cache cache, string path, Action<RefusedEntry> onRefused = null, RunProgress onProgress = null)
        {
            if (cache == null) throw new ArgumentNullException(nameof(cache));
            byte[] text = Text.Utf8(path, nameof(path), out UIntPtr size);
            IntPtr tally;
            IntPtr error;
            int status;
            using (var visit = new Visit())
            using (Handle.Use use = cache.Handle.Borrow())
            {
                fixed (byte* data = text)
                {
                    status = Native.zimg_bundle_import(
                        use.Pointer, data, size, visit.Refused(onRefused), visit.Tallies(onProgress), IntPtr.Zero,
                        &tally, &error);
                }
                visit.Check(status, error);
            }
            return Counts.TakenTally(tally);
        }
    }

    /// <summary>The upkeep of stores on a disk. Rebuild and Resize take one that nobody has open.</summary>
    public static unsafe class Store
    {
        private delegate int Run(IntPtr options, IntPtr onProgress, IntPtr userData, IntPtr* tally, IntPtr* error);

        /// <summary>As Cache.Verify of the store that the options name, open elsewhere or not, without opening it here:
        /// child processes read it, since damage of its own records may end who does. Unreadable are, among others, the
        /// encrypted ones that the options have no secret for.</summary>
        public static Counts Verify(LmdbOptions options, RunProgress onProgress = null)
        {
            return Tallied(Native.zimg_store_verify, options, onProgress);
        }

        /// <summary>Copies every sound entry into a fresh store in its place: Entries PayloadBytes Lost Expired Unreadable
        /// Listed TreeDamages DiskBytesBefore DiskBytesAfter.</summary>
        public static Counts Rebuild(LmdbOptions options, RunProgress onProgress = null)
        {
            return Tallied(Native.zimg_store_rebuild, options, onProgress);
        }

        private static Counts Tallied(Run run, LmdbOptions options, RunProgress onProgress)
        {
            if (options == null) throw new ArgumentNullException(nameof(options));
            IntPtr made = options.Make();
            try
            {
                IntPtr tally;
                IntPtr error;
                using (var visit = new Visit())
                {
                    visit.Check(run(made, visit.Tallies(onProgress), IntPtr.Zero, &tally, &error), error);
                }
                return Counts.TakenTally(tally);
            }
            finally
            {
                Native.zimg_lmdb_options_destroy(made);
            }
        }

        /// <summary>Gives the store its capacity.</summary>
        public static void Resize(LmdbOptions options)
        {
            if (options == null) throw new ArgumentNullException(nameof(options));
            IntPtr made = options.Make();
            try
            {
                IntPtr error;
                ZimgException.Check(Native.zimg_store_resize(made, &error), error);
            }
            finally
            {
                Native.zimg_lmdb_options_destroy(made);
            }
        }
    }
}
