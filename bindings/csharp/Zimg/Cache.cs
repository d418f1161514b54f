using System;
using System.Collections.Generic;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>Remembers encoded pictures by key. Any thread.</summary>
    public sealed unsafe class Cache : IDisposable
    {
        internal readonly Handle Handle;

        internal Cache(IntPtr pointer)
        {
            Handle = new Handle(pointer, Native.zimg_cache_destroy, nameof(Cache));
        }

        /// <summary>"lmdb:PATH?size=10GiB&amp;allow_network=1", "memory:?size=256MiB", a tier of two joined by a comma, or
        /// "none:", which gives null. Empty is the store at its default place. "lmdb:PATH?encrypt=1" needs the policy's
        /// secrets.</summary>
        public static Cache Open(string url = "", Policy policy = null)
        {
            byte[] text = Text.Utf8(url, nameof(url), out UIntPtr size);
            IntPtr made = policy == null ? IntPtr.Zero : policy.Make();
            IntPtr cache;
            IntPtr error;
            int status;
            fixed (byte* data = text) status = Native.zimg_cache_open(data, size, made, &cache, &error);
            Native.zimg_policy_destroy(made);
            ZimgException.Check(status, error);
            return cache == IntPtr.Zero ? null : new Cache(cache);
        }

        /// <summary>A store on a disk.</summary>
        public static Cache Open(LmdbOptions options)
        {
            if (options == null) throw new ArgumentNullException(nameof(options));
            IntPtr made = options.Make();
            IntPtr cache;
            IntPtr error;
            int status = Native.zimg_cache_open_lmdb(made, &cache, &error);
            Native.zimg_lmdb_options_destroy(made);
            ZimgException.Check(status, error);
            return new Cache(cache);
        }

        /// <summary>A cache of this process, gone with it. The capacity counts payloads.</summary>
        public static Cache InMemory(ulong capacityBytes, Policy policy = null)
        {
            IntPtr made = policy == null ? IntPtr.Zero : policy.Make();
            IntPtr cache;
            IntPtr error;
            int status = Native.zimg_cache_make_memory(capacityBytes, made, &cache, &error);
            Native.zimg_policy_destroy(made);
            ZimgException.Check(status, error);
            return new Cache(cache);
        }

        /// <summary>The upper, small and fast, before the lower, large and lasting.</summary>
        public static Cache Tier(Cache upper, Cache lower)
        {
            if (upper == null) throw new ArgumentNullException(nameof(upper));
            if (lower == null) throw new ArgumentNullException(nameof(lower));
            using (Handle.Use first = upper.Handle.Borrow())
            using (Handle.Use second = lower.Handle.Borrow())
            {
                IntPtr cache;
                IntPtr error;
                ZimgException.Check(
                    Native.zimg_cache_make_tier(first.Pointer, second.Pointer, &cache, &error), error);
                return new Cache(cache);
            }
        }

        /// <summary>A cache of one's own, held until nothing uses it any more. The description is what a person would
        /// call it.</summary>
        public static Cache Wrap(ICacheBackend backend, string description)
        {
            return new Cache(ForeignCache.Wrap(backend, description));
        }

        /// <summary>Where Open() keeps its pictures.</summary>
        public static string DefaultPath => Text.Taken(Set.Make(Native.zimg_cache_default_path));

        /// <summary>The entry under the key; null where there is none.</summary>
        public Entry Find(Key key)
        {
            return Read(Native.zimg_cache_find, key);
        }

        /// <summary>As Find(), but counted nowhere.</summary>
        public Entry Peek(Key key)
        {
            return Read(Native.zimg_cache_peek, key);
        }

        private delegate int Reader(IntPtr cache, Raw.Key* key, IntPtr* entry, IntPtr* error);

        private Entry Read(Reader read, Key key)
        {
            Raw.Key raw = Required(key);
            IntPtr entry;
            IntPtr error;
            using (Handle.Use cache = Handle.Borrow())
            {
                ZimgException.Check(read(cache.Pointer, &raw, &entry, &error), error);
            }
            if (entry == IntPtr.Zero) return null;
            try
            {
                return new Entry(entry);
            }
            finally
            {
                Native.zimg_entry_destroy(entry);
            }
        }

        private static Raw.Key Required(Key key)
        {
            if (key == null) throw new ArgumentNullException(nameof(key));
            return key.ToRaw();
        }

        public bool Contains(Key key)
        {
            Raw.Key raw = Required(key);
            int isThere;
            IntPtr error;
            using (Handle.Use cache = Handle.Borrow())
            {
                ZimgException.Check(Native.zimg_cache_contains(cache.Pointer, &raw, &isThere, &error), error);
            }
            return isThere != 0;
        }

        /// <summary>Keeps the entry, which has a payload, replacing what was there.</summary>
        public StoreOutcome Store(Key key, Entry entry)
        {
            return StoreAll(new[] { new KeyValuePair<Key, Entry>(key, entry) })[0];
        }

        /// <summary>Committed together by a cache on a disk; an entry that fails a limit fails all.</summary>
        public StoreOutcome[] StoreAll(IReadOnlyList<KeyValuePair<Key, Entry>> entries)
        {
            if (entries == null) throw new ArgumentNullException(nameof(entries));
            if (entries.Count == 0) return new StoreOutcome[0];
            var keys = new Raw.Key[entries.Count];
            var made = new IntPtr[entries.Count];
            var outcomes = new int[entries.Count];
            try
            {
                for (int i = 0; i < made.Length; ++i)
                {
                    if (entries[i].Value == null) throw new ArgumentNullException(nameof(entries));
                    keys[i] = Required(entries[i].Key);
                    made[i] = entries[i].Value.Make();
                }
                IntPtr error;
                int status;
                using (Handle.Use cache = Handle.Borrow())
                fixed (Raw.Key* keyData = keys)
                fixed (IntPtr* entryData = made)
                fixed (int* outcomeData = outcomes)
                {
                    status = Native.zimg_cache_store_all(
                        cache.Pointer, keyData, entryData, (UIntPtr)(uint)made.Length, outcomeData, &error);
                }
                ZimgException.Check(status, error);
            }
            finally
            {
                foreach (IntPtr entry in made) Native.zimg_entry_destroy(entry);
            }
            return Array.ConvertAll(outcomes, outcome => (StoreOutcome)outcome);
        }

        /// <summary>false where it was not there.</summary>
        public bool Erase(Key key)
        {
            Raw.Key raw = Required(key);
            int wasThere;
            IntPtr error;
            using (Handle.Use cache = Handle.Borrow())
            {
                ZimgException.Check(Native.zimg_cache_erase(cache.Pointer, &raw, &wasThere, &error), error);
            }
            return wasThere != 0;
        }

        /// <summary>false where it is not there.</summary>
        public bool Pin(Key key, bool isPinned = true)
        {
            Raw.Key raw = Required(key);
            int isThere;
            IntPtr error;
            using (Handle.Use cache = Handle.Borrow())
            {
                ZimgException.Check(
                    Native.zimg_cache_pin(cache.Pointer, &raw, isPinned ? 1 : 0, &isThere, &error), error);
            }
            return isThere != 0;
        }

        /// <summary>Calls it for each entry in key order until it returns false. It may call the cache.</summary>
        public void List(EntryFilter look)
        {
            if (look == null) throw new ArgumentNullException(nameof(look));
            IntPtr error;
            using (var visit = new Visit())
            using (Handle.Use cache = Handle.Borrow())
            {
                visit.Check(
                    Native.zimg_cache_list(cache.Pointer, visit.Entries(look), IntPtr.Zero, &error), error);
            }
        }

        /// <summary>Erases the entries for which it returns true, and says how many. It must not call the cache. Where it
        /// throws, what was matched before may be gone.</summary>
        public ulong EraseIf(EntryFilter match)
        {
            if (match == null) throw new ArgumentNullException(nameof(match));
            ulong erased;
            IntPtr error;
            using (var visit = new Visit())
            using (Handle.Use cache = Handle.Borrow())
            {
                visit.Check(
                    Native.zimg_cache_erase_if(
                        cache.Pointer, visit.Entries(match), IntPtr.Zero, &erased, &error),
                    error);
            }
            return erased;
        }

        /// <summary>Erases what fits, and says how many.</summary>
        public ulong Purge(PurgeFilter fitting)
        {
            if (fitting == null) throw new ArgumentNullException(nameof(fitting));
            IntPtr filter = fitting.Make();
            try
            {
                ulong erased;
                IntPtr error;
                using (Handle.Use cache = Handle.Borrow())
                {
                    ZimgException.Check(Native.zimg_cache_purge(cache.Pointer, filter, &erased, &error), error);
                }
                return erased;
            }
            finally
            {
                Native.zimg_purge_filter_destroy(filter);
            }
        }

        /// <summary>Reads every entry and erases those whose SHA-256 is wrong: Entries PayloadBytes Corrupt Unreadable
        /// Listed (in all, 0 where unknown) TreeDamages (where it is not 0, only Store.Rebuild() makes the store whole).
        /// </summary>
        public Counts Verify(RunProgress onProgress = null)
        {
            IntPtr tally;
            IntPtr error;
            using (var visit = new Visit())
            using (Handle.Use cache = Handle.Borrow())
            {
                visit.Check(
                    Native.zimg_cache_verify(
                        cache.Pointer, visit.Tallies(onProgress), IntPtr.Zero, &tally, &error),
                    error);
            }
            return Counts.TakenTally(tally);
        }

        public Stats Stats()
        {
            IntPtr stats;
            IntPtr error;
            using (Handle.Use cache = Handle.Borrow())
            {
                ZimgException.Check(Native.zimg_cache_stats(cache.Pointer, &stats, &error), error);
            }
            try
            {
                return new Stats(stats);
            }
            finally
            {
                Native.zimg_stats_destroy(stats);
            }
        }

        /// <summary>What a person would call it.</summary>
        public string Description
        {
            get
            {
                using (Handle.Use cache = Handle.Borrow())
                {
                    IntPtr text;
                    IntPtr error;
                    ZimgException.Check(Native.zimg_cache_description(cache.Pointer, &text, &error), error);
                    return Text.Taken(text);
                }
            }
        }

        /// <summary>Waits for the calls in flight and gives up what the cache holds open, for whoever uses it: a generator
        /// that still has it draws everything afresh. As often as one likes. A cache that is only dropped closes with the
        /// last generator, job or tier that uses it.</summary>
        public void Dispose()
        {
            if (Handle.IsClosed) return;
            try
            {
                using (Handle.Use cache = Handle.Borrow())
                {
                    IntPtr error;
                    int status = Native.zimg_cache_close(cache.Pointer, &error);
                    // Refused in a callback that it would wait for: then it closes with the last that uses it.
                    if (status != 0) Native.zimg_error_destroy(error);
                }
            }
            catch (ObjectDisposedException)
            {
                return;  // by another thread meanwhile
            }
            Handle.Dispose();
        }
    }
}
