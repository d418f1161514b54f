package zimg

// #include "glue.h"
import "C"

import "time"

type counts [C.kZimgGoCounts]C.uint64_t

func (all *counts) of(count Count) uint64 {
	if count < 0 || int(count) >= len(all) {
		return 0
	}
	return uint64(all[count])
}

// Tally is counts of a run over many entries or pictures.
type Tally struct {
	counts counts
}

// Count is 0 for what the run does not count.
func (tally Tally) Count(count Count) uint64 {
	return tally.counts.of(count)
}

func tallyOf(raw *C.zimg_tally) Tally {
	var tally Tally
	C.zimg_go_tally_counts(raw, &tally.counts[0])
	return tally
}

func takeTally(raw *C.zimg_tally) Tally {
	defer C.zimg_tally_destroy(raw)
	return tallyOf(raw)
}

// Stats is what a cache holds and did.
type Stats struct {
	counts  counts
	Saved   time.Duration
	HitRate float64
	// What a cache would do with half, the same and double the room for payloads, which on a disk is 85 % of its capacity;
	// none before the first lookup.
	Points []StatsPoint
	// In the order of their names.
	Namespaces []NamespaceStats
}

// StatsPoint is the hit rate of a cache of another size.
type StatsPoint struct {
	Bytes   uint64
	HitRate float64
}

// NamespaceStats is the part of one namespace.
type NamespaceStats struct {
	Name   string
	Saved  time.Duration
	counts counts
}

// Count is one of Entries PayloadBytes UsedBytes CapacityBytes Hits Misses Stored Evicted Expired Corrupt Rejected
// SavedBytes OldestMS, of all processes that used the cache; 0 for another.
func (stats *Stats) Count(count Count) uint64 {
	return stats.counts.of(count)
}

// Count is one of Entries PayloadBytes Pinned OldestMS Hits Stored Evicted SavedBytes; 0 for another.
func (part *NamespaceStats) Count(count Count) uint64 {
	return part.counts.of(count)
}

func takeStats(raw *C.zimg_stats) Stats {
	defer C.zimg_stats_destroy(raw)
	stats := Stats{Saved: duration(C.zimg_stats_saved_ms(raw)), HitRate: float64(C.zimg_stats_hit_rate(raw))}
	C.zimg_go_stats_counts(raw, &stats.counts[0])
	for index := C.size_t(0); index < C.zimg_stats_point_count(raw); index++ {
		stats.Points = append(stats.Points, StatsPoint{
			uint64(C.zimg_stats_point_bytes(raw, index)), float64(C.zimg_stats_point_hit_rate(raw, index)),
		})
	}
	for index := C.size_t(0); index < C.zimg_stats_namespace_count(raw); index++ {
		part := NamespaceStats{
			Name:  text(func(size *C.size_t) *C.char { return C.zimg_stats_namespace_name(raw, index, size) }),
			Saved: duration(C.zimg_stats_namespace_saved_ms(raw, index)),
		}
		for count := range part.counts {
			part.counts[count] = C.zimg_stats_namespace_value(raw, index, C.zimg_count(count))
		}
		stats.Namespaces = append(stats.Namespaces, part)
	}
	return stats
}
