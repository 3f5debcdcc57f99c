// What entries take: keys that nobody else holds, values, and the map around them.
package main

import (
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
)

type memoryResult struct {
	BytesPerEntry float64 `json:"bytesPerEntry"`
	RSSBytes      int64   `json:"rssBytes"`
	Reported      int64   `json:"reported"`
	How           string  `json:"how"`
}

func measureMemory(name string, kind, count uint32) memoryResult {
	if kind <= wideKeys {
		return measureEntries(name, count, numberMaker(kind))
	}
	return measureEntries(name, count, textMaker(kind))
}

func measureEntries[K key](name string, count uint32, newKey func(rank uint32) K) memoryResult {
	rssBefore, heapBefore := used()
	entries := newRival[K, uint32](name, false, 0, count)
	for rank := range count {
		entries.put(newKey(rank), rank)
	}
	rss, heap := used()
	runtime.KeepAlive(entries)
	return memoryResult{
		BytesPerEntry: float64(rss-rssBefore) / float64(count),
		RSSBytes:      rss - rssBefore,
		Reported:      heap - heapBefore,
		How:           "resident memory after debug.FreeOSMemory; reported: HeapAlloc",
	}
}

// used collects garbage, and returns what is resident, and what is allocated on the heap.
func used() (rss, heap int64) {
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return residentBytes(), int64(stats.HeapAlloc)
}

// residentBytes asks Linux, or elsewhere the ps command; 0 if neither can say.
func residentBytes() int64 {
	if statm, err := os.ReadFile("/proc/self/statm"); err == nil {
		return number(strings.Fields(string(statm))[1]) * int64(os.Getpagesize())
	}
	kilobytes, _ := exec.Command("ps", "-o", "rss=", "-p", strconv.Itoa(os.Getpid())).Output()
	return number(strings.TrimSpace(string(kilobytes))) * 1024
}

func number(text string) int64 {
	value, _ := strconv.ParseInt(text, 10, 64)
	return value
}
