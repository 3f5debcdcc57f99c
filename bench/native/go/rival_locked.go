// The built-in map behind a sync.RWMutex.
package main

import "sync"

type lockedMap[K key, V value] struct {
	lock    sync.RWMutex
	entries map[K]V
}

func newLockedMap[K key, V value](capacity uint32) *lockedMap[K, V] {
	return &lockedMap[K, V]{entries: make(map[K]V, capacity)}
}

func (m *lockedMap[K, V]) execute(operations []uint32, keys []K, place uint32, found *tally) {
	for i, operation := range operations {
		switch operation >> kindShift {
		case get:
			if value, ok := m.load(keys[i]); ok {
				found.hits++
				found.read += lasting(value)
			}
		case set:
			m.put(keys[i], valueIn[V](operation, place+uint32(i)))
		case remove:
			if m.remove(keys[i]) {
				found.removed++
			}
		case increment:
			m.increment(keys[i])
		case modify:
			if value, ok := m.load(keys[i]); ok {
				found.hits++
				m.put(keys[i], nextOf(value))
			}
		case scan:
			m.scan(found)
		}
	}
}

func (m *lockedMap[K, V]) load(key K) (V, bool) {
	m.lock.RLock()
	value, ok := m.entries[key]
	m.lock.RUnlock()
	return value, ok
}

func (m *lockedMap[K, V]) put(key K, value V) {
	m.lock.Lock()
	m.entries[key] = value
	m.lock.Unlock()
}

func (m *lockedMap[K, V]) remove(key K) bool {
	m.lock.Lock()
	_, ok := m.entries[key]
	delete(m.entries, key)
	m.lock.Unlock()
	return ok
}

func (m *lockedMap[K, V]) increment(key K) {
	m.lock.Lock()
	m.entries[key]++
	m.lock.Unlock()
}

// scan keeps writers out while it visits.
func (m *lockedMap[K, V]) scan(found *tally) {
	m.lock.RLock()
	for _, value := range m.entries {
		found.visited++
		found.scanned += lasting(value)
	}
	m.lock.RUnlock()
}

func (m *lockedMap[K, V]) look(key K) (uint64, bool) {
	value, ok := m.load(key)
	return uint64(value), ok
}

func (m *lockedMap[K, V]) size() int { return len(m.entries) }
