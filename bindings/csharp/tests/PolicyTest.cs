using System;
using System.Collections.Generic;

namespace Zimg.Tests
{
    public sealed class PolicyTest
    {
        public void ATimeToLiveBelowAMillisecondIsNotTakenForNone()
        {
            foreach (long ticks in new[] { 1, TimeSpan.TicksPerMillisecond - 1, -1 })
                Check.Refused(Status.InvalidArgument, "time to live",
                    () => new Policy().AddNamespace("short", timeToLive: TimeSpan.FromTicks(ticks)));
            foreach (TimeSpan ttl in new[] { TimeSpan.FromMilliseconds(1), TimeSpan.Zero })
                Cache.InMemory(1000, new Policy().AddNamespace("short", timeToLive: ttl)).Dispose();
        }

        public void KeepsToQuotasAClockAndWarns()
        {
            DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(1000000);
            var warnings = new List<string>();
            Policy policy = new Policy { Clock = () => now, OnWarning = warnings.Add }
                .AddNamespace("small", limitBytes: 100, timeToLive: TimeSpan.FromSeconds(1));
            using (Cache cache = Cache.InMemory(1000, policy))
            {
                Check.Equal(StoreOutcome.OverQuota,
                    cache.Store(CacheContract.KeyOf(1), CacheContract.EntryOf(new string('x', 200), name: "small")));
                cache.Store(CacheContract.KeyOf(2), CacheContract.EntryOf(new string('x', 50), name: "small"));
                Check.True(cache.Contains(CacheContract.KeyOf(2)), "it is there");
                now += TimeSpan.FromSeconds(2);
                Check.True(!cache.Contains(CacheContract.KeyOf(2)), "it has expired");
                cache.Store(CacheContract.KeyOf(3), CacheContract.EntryOf(new string('x', 845)));
            }
            Check.Equal(1, warnings.Count);
        }

        public void AClockThatFailsIsTheClockOfTheSystem()
        {
            Policy policy = new Policy { Clock = () => { throw new Exception(); } }
                .AddNamespace("*", timeToLive: TimeSpan.FromHours(1));
            using (Cache cache = Cache.InMemory(1000, policy))
            {
                cache.Store(CacheContract.KeyOf(0), CacheContract.EntryOf("x"));
                Check.True(cache.Contains(CacheContract.KeyOf(0)), "it is there");
                DateTimeOffset stored = DateTimeOffset.FromUnixTimeMilliseconds(
                    (long)cache.Stats().Counts[Count.OldestMs]);
                Check.True((DateTimeOffset.UtcNow - stored).Duration() < TimeSpan.FromMinutes(1), $"it is of {stored}");
            }
        }

        public void SurvivesCallbacksThatThrow()
        {
            var policy = new Policy { Clock = () => { throw new Exception(); }, OnWarning = _ => { throw new Exception(); } };
            using (Cache cache = Cache.InMemory(1000, policy))
            {
                Check.Equal(StoreOutcome.Stored,
                    cache.Store(CacheContract.KeyOf(0), CacheContract.EntryOf(new string('x', 845))));
            }
        }
    }
}
