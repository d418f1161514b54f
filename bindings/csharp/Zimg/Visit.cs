using System;
using System.Runtime.InteropServices;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>Looks at one entry: its key, its facts without the payload, and how many octets the payload has.</summary>
    public delegate bool EntryFilter(Key key, Entry entry, ulong payloadBytes);

    /// <summary>How far a run is. Returning false ends it with ZimgCancelledException.</summary>
    public delegate bool RunProgress(Counts soFar);

    /// <summary>Callbacks over entries and tallies, for one call; kept alive until it is disposed.</summary>
    internal sealed unsafe class Visit : IDisposable
    {
        private readonly Guard guard = new Guard();
        private EntryFunction entries;
        private TallyFunction tallies;
        private RefusedFunction refused;
        private BytesProgressFunction bytes;

        internal IntPtr Entries(EntryFilter look)
        {
            if (look == null) return IntPtr.Zero;
            entries = (_, key, entry, payloadBytes) =>
            {
                var itsKey = key;
                return guard.Ask(() => look(new Key(itsKey), new Entry(entry), payloadBytes));
            };
            return Marshal.GetFunctionPointerForDelegate(entries);
        }

        internal IntPtr Tallies(RunProgress look)
        {
            if (look == null) return IntPtr.Zero;
            tallies = (_, tally) => guard.Ask(() => look(Counts.OfTally(tally)));
            return Marshal.GetFunctionPointerForDelegate(tallies);
        }

        internal IntPtr Refused(Action<RefusedEntry> look)
        {
            if (look == null) return IntPtr.Zero;
            refused = (_, number, key, reason, size) =>
            {
                Raw.Key* itsKey = key;
                byte* text = reason;
                guard.Tell(() => look(new RefusedEntry(
                    number, itsKey == null ? null : new Key(itsKey), Text.From(text, size))));
            };
            return Marshal.GetFunctionPointerForDelegate(refused);
        }

        internal IntPtr Bytes(Action<ulong, ulong> look)
        {
            if (look == null) return IntPtr.Zero;
            bytes = (_, done, total) => guard.Tell(() => look(done, total));
            return Marshal.GetFunctionPointerForDelegate(bytes);
        }

        internal void Check(int status, IntPtr error)
        {
            guard.Check(status, error);
        }

        public void Dispose()
        {
            GC.KeepAlive(entries);
            GC.KeepAlive(tallies);
            GC.KeepAlive(refused);
            GC.KeepAlive(bytes);
        }
    }
}
