// ristretto, a cache with the policy TinyLFU: github.com/dgraph-io/ristretto. What is set is there a little later, or never.
package main

import "github.com/dgraph-io/ristretto/v2"

// As its documentation advises: ten counters for each entry, and batches of 64.
const (
	countersPerEntry = 10
	bufferedItems    = 64
)

type ristrettoCache[K key, V value] struct {
	entries *ristretto.Cache[K, V]
}

func newRistrettoCache[K key, V value](bound uint32) *ristrettoCache[K, V] {
	cache, err := ristretto.NewCache(&ristretto.Config[K, V]{
		NumCounters: countersPerEntry * int64(bound), MaxCost: int64(bound), BufferItems: bufferedItems,
		IgnoreInternalCost: true,
	})
	if err != nil {
		panic(err)
	}
	return &ristrettoCache[K, V]{cache}
}

func (c *ristrettoCache[K, V]) execute(operations []uint32, keys []K, place uint32, found *tally) {
	for i, operation := range operations {
		switch operation >> kindShift {
		case get:
			if value, ok := c.entries.Get(keys[i]); ok {
				found.hits++
				found.read += lasting(value)
			}
		case set:
			c.entries.Set(keys[i], valueIn[V](operation, place+uint32(i)), 1)
		case load:
			if value, ok := c.entries.Get(keys[i]); ok {
				found.hits++
				found.read += checked(value, operation)
			} else {
				c.entries.Set(keys[i], valueIn[V](operation, place+uint32(i)), 1)
			}
		default:
			panic("this is a cache: it is asked for get, set and load")
		}
	}
}

// put waits, because what is set too quickly is dropped.
func (c *ristrettoCache[K, V]) put(key K, value V) {
	for !c.entries.Set(key, value, 1) {
		c.entries.Wait()
	}
}

func (c *ristrettoCache[K, V]) look(key K) (uint64, bool) {
	value, ok := c.entries.Get(key)
	return uint64(value), ok
}

func (c *ristrettoCache[K, V]) size() int { return -1 }

func (c *ristrettoCache[K, V]) close() { c.entries.Close() }
