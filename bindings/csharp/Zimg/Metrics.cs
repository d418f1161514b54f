using System;
using System.Collections.Generic;
using Zimg.Raw;

namespace Zimg
{
    /// <summary>What a generator had counted and timed when it was asked.</summary>
    public sealed unsafe class Metrics : IDisposable
    {
        private readonly Handle handle;

        internal Metrics(IntPtr pointer)
        {
            handle = new Handle(pointer, Native.zimg_metrics_destroy, nameof(Metrics));
        }

        /// <summary>Hits Misses Joined Bypassed Failed Expired Invalidated Filtered Evicted Corrupt Drawn Stored Unstored
        /// SavedBytes.</summary>
        public ulong this[Count count]
        {
            get
            {
                using (Handle.Use metrics = handle.Borrow())
                {
                    return Native.zimg_metrics_count(metrics.Pointer, (int)count);
                }
            }
        }

        /// <summary>hits / (hits + misses)</summary>
        public double HitRate => Ask(Native.zimg_metrics_hit_rate);

        /// <summary>What drawing the hits would have taken.</summary>
        public double SavedMs => Ask(Native.zimg_metrics_saved_ms);

        /// <summary>Bounds of the buckets of every histogram.</summary>
        public static IReadOnlyList<double> BoundsMs
        {
            get
            {
                var bounds = new double[(int)Native.zimg_histogram_bound_count()];
                for (int i = 0; i < bounds.Length; ++i) bounds[i] = Native.zimg_histogram_bound_ms((UIntPtr)(uint)i);
                return bounds;
            }
        }

        /// <summary>How many latencies are above the bound before and at most the own one; the last holds what is longer
        /// than every bound.</summary>
        public IReadOnlyList<ulong> Buckets(Histogram histogram)
        {
            using (Handle.Use metrics = handle.Borrow())
            {
                var buckets = new ulong[(int)Native.zimg_histogram_bound_count() + 1];
                for (int i = 0; i < buckets.Length; ++i)
                {
                    buckets[i] = Native.zimg_metrics_bucket(metrics.Pointer, (int)histogram, (UIntPtr)(uint)i);
                }
                return buckets;
            }
        }

        public double SumMs(Histogram histogram)
        {
            return Ask(metrics => Native.zimg_metrics_sum_ms(metrics, (int)histogram));
        }

        /// <summary>What this share (0 to 1) of the latencies stayed below.</summary>
        public double QuantileMs(Histogram histogram, double quantile)
        {
            return Ask(metrics => Native.zimg_metrics_quantile_ms(metrics, (int)histogram, quantile));
        }

        /// <summary>All of them in the text format of Prometheus, version 0.0.4.</summary>
        public string Prometheus()
        {
            using (Handle.Use metrics = handle.Borrow())
            {
                IntPtr text;
                IntPtr error;
                ZimgException.Check(Native.zimg_metrics_prometheus(metrics.Pointer, &text, &error), error);
                return Text.Taken(text);
            }
        }

        public void Dispose()
        {
            handle.Dispose();
        }

        private double Ask(Func<IntPtr, double> get)
        {
            using (Handle.Use metrics = handle.Borrow()) return get(metrics.Pointer);
        }
    }
}
