using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;

namespace Zimg.Tests
{
    /// <summary>What every cache does; each kind is a class below.</summary>
    public abstract class CacheContract : IDisposable
    {
        internal readonly TemporaryFolder Folder = new TemporaryFolder();
        internal readonly Cache Made;

        internal CacheContract(Func<TemporaryFolder, Cache> make)
        {
            Made = make(Folder);
        }

        public void Dispose()
        {
            Made.Dispose();
            Folder.Dispose();
        }

        internal static Key KeyOf(int number)
        {
            return new Key(Enumerable.Repeat((byte)number, 32).ToArray());
        }

        internal static Entry EntryOf(string payload = "a picture", string tag = "", string name = "default")
        {
            return new Entry(payload.Select(letter => (byte)letter).ToArray())
            {
                Width = 2, Height = 1, Namespace = name, Model = "m", Tag = tag, DrawMs = 5.5,
            };
        }

        internal static KeyValuePair<Key, Entry> Pair(int number, string tag = "")
        {
            return new KeyValuePair<Key, Entry>(KeyOf(number), EntryOf(tag: tag));
        }

        public void StoresFindsAndErases()
        {
            Check.Equal(null, Made.Find(KeyOf(0)));
            Check.Equal(StoreOutcome.Stored, Made.Store(KeyOf(0), EntryOf(tag: "t")));
            Entry found = Made.Find(KeyOf(0));
            Check.Same(EntryOf().Payload, found.Payload);
            Check.Equal("t", found.Tag);
            Check.Equal(5.5, found.DrawMs);
            using (SHA256 sha = SHA256.Create()) Check.Same(sha.ComputeHash(found.Payload), found.PayloadSha256);
            Check.True(Made.Contains(KeyOf(0)) && !Made.Contains(KeyOf(1)), "it says what is there");
            Check.Same(found.Payload, Made.Peek(KeyOf(0)).Payload);
            Check.True(Made.Erase(KeyOf(0)) && !Made.Erase(KeyOf(0)), "it says what it erased");
        }

        public void ListsPurgesAndVerifies()
        {
            StoreOutcome[] outcomes = Made.StoreAll(
                Enumerable.Range(0, 6).Select(i => Pair(i, i % 2 == 0 ? "even" : "odd")).ToList());
            Check.True(outcomes.Length == 6 && outcomes.All(outcome => outcome == StoreOutcome.Stored), "all are kept");
            var seen = new List<int>();
            Made.List((key, entry, size) => { seen.Add(key.ToArray()[0]); return true; });
            Check.Equal("0 1 2 3 4 5", string.Join(" ", seen));
            int looks = 0;
            Made.List((key, entry, size) => ++looks < 2);
            Check.Equal(2, looks);
            Check.Equal(3ul, Made.Purge(new PurgeFilter { Tag = "even" }));
            Check.Equal(1ul, Made.EraseIf((key, entry, size) => key.Equals(KeyOf(1))));
            int told = 0;
            Check.Equal(2ul, Made.Verify(_ => ++told > 0)[Count.Entries]);
            Check.Equal(2, told);
        }

        public void Pins()
        {
            Made.Store(KeyOf(0), EntryOf());
            Check.True(Made.Pin(KeyOf(0)) && Made.Find(KeyOf(0)).IsPinned, "it is pinned");
            Check.True(!Made.Pin(KeyOf(1)), "what is not there is not pinned");
        }

        public void SaysWhatItHolds()
        {
            Made.Store(KeyOf(0), EntryOf());
            Stats stats = Made.Stats();
            Check.Equal(1ul, stats.Counts[Count.Entries]);
            Check.Equal("default", stats.Namespaces.Single().Name);
            Check.True(Made.Description.Length > 0, "it has a description");
        }

        public void ThrowsWhatAVisitorThrows()
        {
            Made.Store(KeyOf(1), EntryOf());
            Check.Throws<DivideByZeroException>(() => Made.List((k, e, s) => { throw new DivideByZeroException(); }));
            Check.Throws<DivideByZeroException>(() => Made.EraseIf((k, e, s) => { throw new DivideByZeroException(); }));
            Check.Throws<DivideByZeroException>(() => Made.Verify(_ => { throw new DivideByZeroException(); }));
            Check.Equal(1ul, Made.Stats().Counts[Count.Entries]);
        }
    }

    public sealed class MemoryCacheTest : CacheContract
    {
        public MemoryCacheTest() : base(_ => Cache.InMemory(1 << 20)) { }
    }

    public sealed class TierCacheTest : CacheContract
    {
        public TierCacheTest() : base(_ => Cache.Tier(Cache.InMemory(1 << 20), Cache.InMemory(1 << 22))) { }
    }

    public sealed class BackendCacheTest : CacheContract
    {
        public BackendCacheTest() : base(_ => Cache.Wrap(new Shelf(), "a shelf")) { }
    }

    public sealed class StoreCacheTest : CacheContract
    {
        public StoreCacheTest() : base(folder => Cache.Open(OptionsIn(folder))) { }

        private static LmdbOptions OptionsIn(TemporaryFolder folder)
        {
            return new LmdbOptions { Path = folder.Path + "/store", CapacityBytes = 16 << 20 };
        }

        public void TwoGeneratorsShareOneStore()
        {
            var painter = new Painter();
            using (Cache second = Cache.Open("lmdb:" + Folder.Path + "/store"))
            using (var one = new Generator(painter.Options(), Made))
            using (var other = new Generator(painter.Options(), second))
            {
                one.Generate(Painter.Small()).Dispose();
                one.Drain();
                using (Result result = other.Generate(Painter.Small())) Check.True(result.IsHit, "it is a hit");
            }
        }

        public void IsRebuiltAndResizedWhenNobodyHasItOpen()
        {
            Made.Store(KeyOf(0), EntryOf());
            Check.Throws<ZimgException>(() => Store.Rebuild(OptionsIn(Folder)));
            Made.Dispose();
            Counts rebuilt = Store.Rebuild(OptionsIn(Folder));
            Check.Equal(1ul, rebuilt[Count.Entries]);
            Check.Equal(1ul, rebuilt[Count.Listed]);
            LmdbOptions larger = OptionsIn(Folder);
            larger.CapacityBytes = 32 << 20;
            Store.Resize(larger);
            using (Cache again = Cache.Open(new LmdbOptions { Url = "lmdb:" + Folder.Path + "/store" }))
            {
                Check.True(again.Contains(KeyOf(0)), "the entry is there");
                Check.True(again.Stats().Counts[Count.CapacityBytes] > 16 << 20, "it is larger");
            }
        }

        public void VerifiesWhatIsListedAndTheRecordsThemselves()
        {
            Made.StoreAll(new[] { Pair(1), Pair(2), Pair(3) });
            Counts counts = Made.Verify();
            Check.Equal(3ul, counts[Count.Listed]);
            Check.Equal(0ul, counts[Count.TreeDamages]);
        }

        public void ExportsAndImports()
        {
            Made.StoreAll(new[] { Pair(1), Pair(2) });
            string bundle = Folder.Path + "/bundle";
            Check.Equal(2ul, Bundle.Export(Made, bundle)[Count.Entries]);
            Check.Equal(1ul, Bundle.Export(Made, bundle + ".one", (key, e, s) => key.Equals(KeyOf(1)))[Count.Entries]);
            byte[] octets = File.ReadAllBytes(bundle);
            int at = System.Text.Encoding.GetEncoding("ISO-8859-1").GetString(octets).IndexOf("a picture");
            octets[at] ^= 1;
            File.WriteAllBytes(bundle, octets);
            var refused = new List<RefusedEntry>();
            using (Cache other = Cache.InMemory(1 << 20))
            {
                Check.Equal(1ul, Bundle.Import(other, bundle, refused.Add)[Count.Stored]);
            }
            Check.True(refused.Single().Reason.Length > 0, "the damaged one is refused");
        }

        public void EncryptsANamespace()
        {
            var options = new LmdbOptions { Path = Folder.Path + "/secret", CapacityBytes = 16 << 20 };
            options.NamespaceSecrets["default"] = new byte[16];
            using (Cache cache = Cache.Open(options)) cache.Store(KeyOf(0), EntryOf(new string('v', 1000)));
            string file = System.Text.Encoding.GetEncoding("ISO-8859-1")
                .GetString(File.ReadAllBytes(Folder.Path + "/secret/data.mdb"));
            Check.True(!file.Contains("vvvvvvvv"), "the payload is not to be read");
            Check.Equal(1000ul, Store.Verify(options)[Count.PayloadBytes]);
            options.NamespaceSecrets["default"] = new byte[17];
            Check.Equal(1ul, Store.Verify(options)[Count.Unreadable]);
        }

        public void APolicyHasTheSecretsOfACacheUrl()
        {
            string url = "lmdb:" + Folder.Path + "/secret?size=16MiB&encrypt=1";
            foreach (Policy without in new[] { null, new Policy() })
            {
                Check.Refused(Status.InvalidArgument, "encrypt=1", () => Cache.Open(url, without));
            }
            Check.Throws<ArgumentNullException>(() => new Policy().AddNamespaceSecret("default", null));
            Policy policy = new Policy().AddNamespaceSecret("default", new byte[16]);
            using (Cache cache = Cache.Open(url, policy)) cache.Store(KeyOf(0), EntryOf());
            var options = new LmdbOptions { Url = url, Policy = policy };
            using (Cache cache = Cache.Open(options)) Check.True(cache.Find(KeyOf(0)) != null, "it is found");
            options.NamespaceSecrets["default"] = new byte[17];
            using (Cache cache = Cache.Open(options)) Check.True(cache.Find(KeyOf(0)) == null, "its own secret is taken");
        }

        public void VerifiesAStoreWithoutOpeningIt()
        {
            var options = new LmdbOptions { Path = Folder.Path + "/damaged", CapacityBytes = 16 << 20 };
            Check.Refused(Status.NotFound, options.Path, () => Store.Verify(options));
            using (Cache cache = Cache.Open(options))
            {
                for (int i = 0; i < 3; ++i) cache.Store(KeyOf(i), EntryOf(new string((char)('a' + i), 20000)));
            }
            byte[] octets = File.ReadAllBytes(options.Path + "/data.mdb");
            octets[System.Text.Encoding.GetEncoding("ISO-8859-1").GetString(octets)
                .IndexOf(new string('b', 2000), StringComparison.Ordinal)] = 0;
            File.WriteAllBytes(options.Path + "/data.mdb", octets);
            Check.Throws<OperationCanceledException>(() => Store.Verify(options, soFar => false));
            Counts counts = Store.Verify(options);
            Check.Equal(3ul, counts[Count.Entries]);
            Check.Equal(1ul, counts[Count.Corrupt]);
            Check.Equal(2ul, Store.Verify(options)[Count.Entries]);
        }
    }

    /// <summary>All that a cache in C# may do.</summary>
    internal sealed class Shelf : IListingBackend, IPinningBackend, ICountingBackend, IContainingBackend
    {
        private readonly Dictionary<Key, Entry> held = new Dictionary<Key, Entry>();
        internal Exception Failure;
        internal byte[] Lie;
        internal readonly ManualResetEventSlim IsOpen = new ManualResetEventSlim(true);

        private void Begin()
        {
            IsOpen.Wait();
            if (Failure != null) throw Failure;
        }

        public Entry Find(Key key)
        {
            Begin();
            lock (held)
            {
                Entry found;
                if (!held.TryGetValue(key, out found)) return null;
                if (Lie == null) return found;
                return new Entry(Lie) { PayloadSha256 = found.PayloadSha256, Width = found.Width };
            }
        }

        public StoreOutcome Store(Key key, Entry entry)
        {
            Begin();
            lock (held) held[key] = entry;
            return StoreOutcome.Stored;
        }

        public bool Erase(Key key)
        {
            Begin();
            lock (held) return held.Remove(key);
        }

        public bool Contains(Key key)
        {
            lock (held) return held.ContainsKey(key);
        }

        public bool Pin(Key key, bool isPinned)
        {
            lock (held)
            {
                Entry found;
                if (!held.TryGetValue(key, out found)) return false;
                found.IsPinned = isPinned;
                return true;
            }
        }

        public IReadOnlyDictionary<Count, ulong> Counts()
        {
            lock (held)
            {
                return new Dictionary<Count, ulong>
                {
                    { Count.Entries, (ulong)held.Count }, { Count.CapacityBytes, 12345 },
                };
            }
        }

        public IEnumerable<KeyValuePair<Key, Entry>> Entries()
        {
            lock (held) return held.OrderBy(pair => pair.Key.ToString(), StringComparer.Ordinal).ToList();
        }
    }
}
