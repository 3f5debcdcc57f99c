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

var rivalNames = []string{"go-sync-map", "go-locked-map", "go-sharded-map", "go-xsync", "go-otter", "go-ristretto"}

// closer is what has to be told that it is not needed any more.
type closer interface{ close() }

// newRival makes a map, or a cache of so many entries.
func newRival[K key, V value](name string, counters bool, capacity, bound uint32) rival[K, V] {
	switch {
	case name == "go-otter":
		return newOtterCache[K, V](bound)
	case name == "go-ristretto":
		return newRistrettoCache[K, V](bound)
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
	case "go-otter":
		return "otter"
	case "go-ristretto":
		return "ristretto"
	}
	return "xsync.Map"
}

var packages = map[string]string{
	"go-xsync":     "github.com/puzpuzpuz/xsync/v4",
	"go-otter":     "github.com/maypok86/otter/v2",
	"go-ristretto": "github.com/dgraph-io/ristretto/v2",
}

// versionOf says the version of Go, and before it that of the package if there is one.
func versionOf(name string) string {
	build, ok := debug.ReadBuildInfo()
	path, isPackage := packages[name]
	if !ok || !isPackage {
		return runtime.Version()
	}
	for _, module := range build.Deps {
		if module.Path == path {
			return module.Version + ", " + runtime.Version()
		}
	}
	return runtime.Version()
}
