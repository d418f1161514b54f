using System;
using System.Collections.Generic;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>What a run or a cache counted. Who gives it says which counts there are; the others are 0.</summary>
    public sealed class Counts
    {
        private readonly ulong[] values = new ulong[Enum.GetValues(typeof(Count)).Length];

        internal Counts(Func<int, ulong> get)
        {
            for (int i = 0; i < values.Length; ++i) values[i] = get(i);
        }

        public ulong this[Count count] => values[(int)count];

        internal static Counts OfTally(IntPtr tally)
        {
            return new Counts(count => Native.zimg_tally_count(tally, count));
        }

        internal static Counts TakenTally(IntPtr tally)
        {
            try
            {
                return OfTally(tally);
            }
            finally
            {
                Native.zimg_tally_destroy(tally);
            }
        }
    }

    /// <summary>The part of one namespace: Entries PayloadBytes Pinned OldestMs Hits Stored Evicted SavedBytes.</summary>
    public sealed class NamespaceStats
    {
        internal NamespaceStats(IntPtr stats, int index)
        {
            var at = (UIntPtr)(uint)index;
            unsafe
            {
                Name = Text.Of(Native.zimg_stats_namespace_name, stats, index);
            }
            Counts = new Counts(count => Native.zimg_stats_namespace_value(stats, at, count));
            SavedMs = Native.zimg_stats_namespace_saved_ms(stats, at);
        }

        public string Name { get; }
        public Counts Counts { get; }
        public double SavedMs { get; }
    }

    /// <summary>What a cache holds and did, in all processes that used it: Entries PayloadBytes UsedBytes CapacityBytes
    /// Hits Misses Stored Evicted Expired Corrupt Rejected SavedBytes OldestMs.</summary>
    public sealed class Stats
    {
        internal Stats(IntPtr stats)
        {
            Counts = new Counts(count => Native.zimg_stats_count(stats, count));
            SavedMs = Native.zimg_stats_saved_ms(stats);
            HitRate = Native.zimg_stats_hit_rate(stats);
            var curve = new List<KeyValuePair<ulong, double>>();
            for (uint i = 0; i < (uint)Native.zimg_stats_point_count(stats); ++i)
            {
                curve.Add(new KeyValuePair<ulong, double>(
                    Native.zimg_stats_point_bytes(stats, (UIntPtr)i),
                    Native.zimg_stats_point_hit_rate(stats, (UIntPtr)i)));
            }
            SizeCurve = curve;
            var namespaces = new List<NamespaceStats>();
            for (int i = 0; i < (int)Native.zimg_stats_namespace_count(stats); ++i)
            {
                namespaces.Add(new NamespaceStats(stats, i));
            }
            Namespaces = namespaces;
        }

        public Counts Counts { get; }
        public double SavedMs { get; }
        public double HitRate { get; }

        /// <summary>Half, the same and double the bytes that payloads have room for, which on a disk are 85 % of the
        /// capacity, and the hit rate that a cache would have with them; empty before the first lookup.</summary>
        public IReadOnlyList<KeyValuePair<ulong, double>> SizeCurve { get; }
        public IReadOnlyList<NamespaceStats> Namespaces { get; }
    }
}
