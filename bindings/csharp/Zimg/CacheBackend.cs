using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>
    /// A cache of one's own, for Cache.Wrap(). Called from any thread of zimg at any time. May forget, never lie: zimg
    /// checks the SHA-256 of what is found and takes a wrong one for absent. What a method throws is the cache's failure,
    /// which never fails a request. A method must not ask a generator for a picture or a key, drain one or dispose of a
    /// cache: that may be waiting for it, and asking is refused.
    /// </summary>
    public interface ICacheBackend
    {
        /// <summary>The entry under the key, with its payload and all of its facts; null where there is none.</summary>
        Entry Find(Key key);

        /// <summary>Keeps the entry with all of its facts.</summary>
        StoreOutcome Store(Key key, Entry entry);

        /// <summary>false where it was not there.</summary>
        bool Erase(Key key);
    }

    /// <summary>One that can say what it holds, so that it can be listed, purged, verified and exported.</summary>
    public interface IListingBackend : ICacheBackend
    {
        /// <summary>Each entry in key order, with its payload.</summary>
        IEnumerable<KeyValuePair<Key, Entry>> Entries();
    }

    /// <summary>One that counts for itself; without, zimg counts what passes here.</summary>
    public interface ICountingBackend : ICacheBackend
    {
        /// <summary>Those of Stats.</summary>
        IReadOnlyDictionary<Count, ulong> Counts();
    }

    /// <summary>One that pins by itself; without, zimg finds and stores.</summary>
    public interface IPinningBackend : ICacheBackend
    {
        /// <summary>false where it is not there.</summary>
        bool Pin(Key key, bool isPinned);
    }

    /// <summary>One that knows what is there without reading it; without, zimg finds.</summary>
    public interface IContainingBackend : ICacheBackend
    {
        bool Contains(Key key);
    }

    internal static unsafe class ForeignCache
    {
        // For ever: C may call them at any time.
        private static readonly FindFunction find = Find;
        private static readonly StoreFunction store = Store;
        private static readonly EraseFunction erase = Erase;
        private static readonly ListFunction list = List;
        private static readonly ContainsFunction contains = Contains;
        private static readonly PinFunction pin = Pin;
        private static readonly StatsFunction stats = Stats;

        internal static IntPtr Wrap(ICacheBackend backend, string description)
        {
            if (backend == null) throw new ArgumentNullException(nameof(backend));
            byte[] text = Text.Utf8(description, nameof(description), out UIntPtr size);
            var table = new CacheTable
            {
                struct_size = (UIntPtr)sizeof(CacheTable),
                find = Marshal.GetFunctionPointerForDelegate(find),
                store = Marshal.GetFunctionPointerForDelegate(store),
                erase = Marshal.GetFunctionPointerForDelegate(erase),
                release = Held.ReleasePointer,
                list = backend is IListingBackend ? Marshal.GetFunctionPointerForDelegate(list) : IntPtr.Zero,
                contains = backend is IContainingBackend
                    ? Marshal.GetFunctionPointerForDelegate(contains) : IntPtr.Zero,
                pin = backend is IPinningBackend ? Marshal.GetFunctionPointerForDelegate(pin) : IntPtr.Zero,
                stats = backend is ICountingBackend ? Marshal.GetFunctionPointerForDelegate(stats) : IntPtr.Zero,
            };
            IntPtr held = Held.Hold(backend);
            IntPtr cache;
            IntPtr error;
            int status;
            fixed (byte* data = text) status = Native.zimg_cache_wrap(&table, held, data, size, &cache, &error);
            if (status != 0) Held.Forget(held);
            ZimgException.Check(status, error);
            return cache;
        }

        private static int Find(IntPtr userData, Raw.Key* key, IntPtr outEntry, int* outIsThere, IntPtr* outError)
        {
            return Answer.Run(outError, () =>
            {
                Entry entry = Held.Get<ICacheBackend>(userData).Find(new Key(key));
                if (entry == null) return;
                entry.Fill(outEntry);
                *outIsThere = 1;
            });
        }

        private static int Store(IntPtr userData, Raw.Key* key, IntPtr entry, int* outOutcome, IntPtr* outError)
        {
            return Answer.Run(outError, () =>
            {
                *outOutcome = (int)Held.Get<ICacheBackend>(userData).Store(new Key(key), new Entry(entry));
            });
        }

        private static int Erase(IntPtr userData, Raw.Key* key, int* outWasThere, IntPtr* outError)
        {
            return Answer.Run(outError, () =>
            {
                *outWasThere = Held.Get<ICacheBackend>(userData).Erase(new Key(key)) ? 1 : 0;
            });
        }

        private static int List(IntPtr userData, IntPtr visit, IntPtr visitData, IntPtr* outError)
        {
            return Answer.Run(outError, () =>
            {
                var look = Marshal.GetDelegateForFunctionPointer<EntryFunction>(visit);
                foreach (KeyValuePair<Key, Entry> listed in Held.Get<IListingBackend>(userData).Entries())
                {
                    Raw.Key key = listed.Key.ToRaw();
                    IntPtr entry = listed.Value.Make();
                    try
                    {
                        ulong size = listed.Value.Payload == null ? 0 : (ulong)listed.Value.Payload.Length;
                        if (look(visitData, &key, entry, size) == 0) return;
                    }
                    finally
                    {
                        Native.zimg_entry_destroy(entry);
                    }
                }
            });
        }

        private static int Contains(IntPtr userData, Raw.Key* key, int* outIsThere, IntPtr* outError)
        {
            return Answer.Run(outError, () =>
            {
                *outIsThere = Held.Get<IContainingBackend>(userData).Contains(new Key(key)) ? 1 : 0;
            });
        }

        private static int Pin(IntPtr userData, Raw.Key* key, int isPinned, int* outIsThere, IntPtr* outError)
        {
            return Answer.Run(outError, () =>
            {
                *outIsThere = Held.Get<IPinningBackend>(userData).Pin(new Key(key), isPinned != 0) ? 1 : 0;
            });
        }

        private static int Stats(IntPtr userData, IntPtr outStats, IntPtr* outError)
        {
            return Answer.Run(outError, () =>
            {
                foreach (KeyValuePair<Count, ulong> count in Held.Get<ICountingBackend>(userData).Counts())
                {
                    IntPtr error;
                    ZimgException.Check(
                        Native.zimg_stats_set_count(outStats, (int)count.Key, count.Value, &error), error);
                }
            });
        }
    }
}
