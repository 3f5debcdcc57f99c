// sync.Map as a map of counters: it cannot add to a value, so the values are pointers to atomic ones. A counter is
// loaded first; only if it is not there yet, a new one is made for LoadOrStore.
package main

import (
	"sync"
	"sync/atomic"
)

type countingSyncMap[K key, V value] struct {
	entries sync.Map // K to *atomic.Uint32
}

func (m *countingSyncMap[K, V]) execute(operations []uint32, keys []K, _ uint32, found *tally) {
	for i, operation := range operations {
		switch operation >> kindShift {
		case get:
			if value, ok := m.entries.Load(keys[i]); ok {
				found.hits++
				found.read += lasting(value.(*atomic.Uint32).Load())
			}
		case remove:
			if _, ok := m.entries.LoadAndDelete(keys[i]); ok {
				found.removed++
			}
		case increment:
			m.counterOf(keys[i]).Add(1)
		case scan:
			m.entries.Range(func(_, value any) bool {
				found.visited++
				found.scanned += lasting(value.(*atomic.Uint32).Load())
				return true
			})
		}
	}
}

func (m *countingSyncMap[K, V]) counterOf(key K) *atomic.Uint32 {
	counter, ok := m.entries.Load(key)
	if !ok {
		counter, _ = m.entries.LoadOrStore(key, new(atomic.Uint32))
	}
	return counter.(*atomic.Uint32)
}

func (m *countingSyncMap[K, V]) put(key K, value V) { m.counterOf(key).Store(uint32(value)) }

func (m *countingSyncMap[K, V]) look(key K) (uint64, bool) {
	counter, ok := m.entries.Load(key)
	if !ok {
		return 0, false
	}
	return uint64(counter.(*atomic.Uint32).Load()), true
}

func (m *countingSyncMap[K, V]) size() int { return -1 }
