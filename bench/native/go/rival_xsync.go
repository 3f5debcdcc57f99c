// xsync.Map, a cache-line hash table: github.com/puzpuzpuz/xsync.
package main

import "github.com/puzpuzpuz/xsync/v4"

type xsyncMap[K key, V value] struct {
	entries *xsync.Map[K, V]
}

func newXsyncMap[K key, V value](capacity uint32) *xsyncMap[K, V] {
	if capacity == 0 {
		return &xsyncMap[K, V]{xsync.NewMap[K, V]()}
	}
	return &xsyncMap[K, V]{xsync.NewMap[K, V](xsync.WithPresize(int(capacity)))}
}

func (m *xsyncMap[K, V]) execute(operations []uint32, keys []K, place uint32, found *tally) {
	for i, operation := range operations {
		switch operation >> kindShift {
		case get:
			if value, ok := m.entries.Load(keys[i]); ok {
				found.hits++
				found.read += lasting(value)
			}
		case set:
			m.entries.Store(keys[i], valueIn[V](operation, place+uint32(i)))
		case remove:
			if _, ok := m.entries.LoadAndDelete(keys[i]); ok {
				found.removed++
			}
		case increment:
			m.entries.Compute(keys[i], func(count V, _ bool) (V, xsync.ComputeOp) {
				return count + 1, xsync.UpdateOp
			})
		case modify:
			if value, ok := m.entries.Load(keys[i]); ok {
				found.hits++
				m.entries.Store(keys[i], nextOf(value))
			}
		case scan:
			m.entries.Range(func(_ K, value V) bool {
				found.visited++
				found.scanned += lasting(value)
				return true
			})
		}
	}
}

func (m *xsyncMap[K, V]) put(key K, value V) { m.entries.Store(key, value) }

func (m *xsyncMap[K, V]) look(key K) (uint64, bool) {
	value, ok := m.entries.Load(key)
	return uint64(value), ok
}

func (m *xsyncMap[K, V]) size() int { return m.entries.Size() }
