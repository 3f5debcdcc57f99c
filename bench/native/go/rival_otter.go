// otter, a cache with the policy W-TinyLFU: github.com/maypok86/otter.
package main

import "github.com/maypok86/otter/v2"

type otterCache[K key, V value] struct {
	entries *otter.Cache[K, V]
}

func newOtterCache[K key, V value](bound uint32) *otterCache[K, V] {
	return &otterCache[K, V]{otter.Must(&otter.Options[K, V]{MaximumSize: int(bound)})}
}

func (c *otterCache[K, V]) execute(operations []uint32, keys []K, place uint32, found *tally) {
	for i, operation := range operations {
		switch operation >> kindShift {
		case get:
			if value, ok := c.entries.GetIfPresent(keys[i]); ok {
				found.hits++
				found.read += lasting(value)
			}
		case set:
			c.entries.Set(keys[i], valueIn[V](operation, place+uint32(i)))
		case load:
			if value, ok := c.entries.GetIfPresent(keys[i]); ok {
				found.hits++
				found.read += checked(value, operation)
			} else {
				c.entries.Set(keys[i], valueIn[V](operation, place+uint32(i)))
			}
		default:
			panic("this is a cache: it is asked for get, set and load")
		}
	}
}

func (c *otterCache[K, V]) put(key K, value V) { c.entries.Set(key, value) }

func (c *otterCache[K, V]) look(key K) (uint64, bool) {
	value, ok := c.entries.GetIfPresent(key)
	return uint64(value), ok
}

// size is what it has when it has done what it puts off.
func (c *otterCache[K, V]) size() int {
	c.entries.CleanUp()
	return c.entries.EstimatedSize()
}

func (c *otterCache[K, V]) close() { c.entries.StopAllGoroutines() }
