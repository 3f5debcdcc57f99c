// What all rivals have in common, and how they are made.
package main

import (
	"runtime"
	"runtime/debug"
)

// rival is one of the maps. Execute has the loop over the operations, written out for each map: the calls within are
// direct, as in a user's program. The other methods are for what is not timed.
type rival[K key, V value] interface {
	// execute does a part of a stream, which begins at a place of it, with the keys of its operations.
	execute(operations []uint32, keys []K, place uint32, found *tally)
	put(key K, value V)
	look(key K) (value uint64, found bool)
	size() int // -1: it cannot say
}

// tally is what a stream found, for the checksums.
type tally struct {
	operations int
	hits       uint64
	read       uint64 // sum of what GET read
	removed    uint64
	visited    uint64
	scanned    uint64 // sum of what SCAN visited
}

var rivalNames = []string{"go-sync-map", "go-locked-map", "go-sharded-map", "go-xsync"}

func newRival[K key, V value](name string, counters bool, capacity uint32) rival[K, V] {
	switch {
	case name == "go-sync-map" && counters:
		return &countingSyncMap[K, V]{}
	case name == "go-sync-map":
		return &syncMap[K, V]{}
	case name == "go-locked-map":
		return newLockedMap[K, V](capacity)
	case name == "go-sharded-map":
		return newShardedMap[K, V](capacity)
	}
	return newXsyncMap[K, V](capacity)
}

func titleOf(name string) string {
	switch name {
	case "go-sync-map":
		return "sync.Map"
	case "go-locked-map":
		return "map + RWMutex"
	case "go-sharded-map":
		return "sharded map"
	}
	return "xsync.Map"
}

// versionOf says the version of Go, and before it that of the package if there is one.
func versionOf(name string) string {
	build, ok := debug.ReadBuildInfo()
	if name == "go-xsync" && ok {
		for _, module := range build.Deps {
			return module.Version + ", " + runtime.Version() // the only one
		}
	}
	return runtime.Version()
}
