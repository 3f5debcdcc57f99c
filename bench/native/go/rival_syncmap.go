// sync.Map of the standard library. It holds any keys and values, so both are boxed, as they are in every program.
package main

import "sync"

type syncMap[K key, V value] struct {
	entries sync.Map // K to V
}

func (m *syncMap[K, V]) execute(operations []uint32, keys []K, place uint32, found *tally) {
	for i, operation := range operations {
		switch operation >> kindShift {
		case get:
			if value, ok := m.entries.Load(keys[i]); ok {
				found.hits++
				found.read += lasting(value.(V))
			}
		case set:
			m.entries.Store(keys[i], valueIn[V](operation, place+uint32(i)))
		case remove:
			if _, ok := m.entries.LoadAndDelete(keys[i]); ok {
				found.removed++
			}
		case modify:
			if value, ok := m.entries.Load(keys[i]); ok {
				found.hits++
				m.entries.Store(keys[i], nextOf(value.(V)))
			}
		case scan:
			m.entries.Range(func(_, value any) bool {
				found.visited++
				found.scanned += lasting(value.(V))
				return true
			})
		}
	}
}

func (m *syncMap[K, V]) put(key K, value V) { m.entries.Store(key, value) }

func (m *syncMap[K, V]) look(key K) (uint64, bool) {
	value, ok := m.entries.Load(key)
	if !ok {
		return 0, false
	}
	return uint64(value.(V)), true
}

func (m *syncMap[K, V]) size() int { return -1 }
