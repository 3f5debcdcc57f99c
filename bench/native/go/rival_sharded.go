// 32 maps behind a lock each, as programs do it that found one lock too slow. The shard of a key follows from the hash
// that hash/maphash gives strings, and for numbers from a multiplication.
package main

import "hash/maphash"

const (
	shardBits = 5
	shards    = 1 << shardBits
)

type shardedMap[K key, V value] struct {
	seed   maphash.Seed
	shards [shards]shard[K, V]
}

type shard[K key, V value] struct {
	lockedMap[K, V]
	_ [64]byte // keeps locks on cache lines of their own
}

func newShardedMap[K key, V value](capacity uint32) *shardedMap[K, V] {
	m := &shardedMap[K, V]{seed: maphash.MakeSeed()}
	for i := range m.shards {
		m.shards[i].entries = make(map[K]V, capacity/shards)
	}
	return m
}

func (m *shardedMap[K, V]) of(key K) *lockedMap[K, V] {
	var hash uint64
	switch key := any(&key).(type) {
	case *uint64:
		hash = *key * 0x9e3779b97f4a7c15
	case *string:
		hash = maphash.String(m.seed, *key)
	}
	return &m.shards[hash>>(64-shardBits)].lockedMap
}

func (m *shardedMap[K, V]) execute(operations []uint32, keys []K, place uint32, found *tally) {
	for i, operation := range operations {
		switch operation >> kindShift {
		case get:
			key := keys[i]
			if value, ok := m.of(key).load(key); ok {
				found.hits++
				found.read += lasting(value)
			}
		case set:
			m.put(keys[i], valueIn[V](operation, place+uint32(i)))
		case remove:
			key := keys[i]
			if m.of(key).remove(key) {
				found.removed++
			}
		case increment:
			key := keys[i]
			m.of(key).increment(key)
		case modify:
			key := keys[i]
			if value, ok := m.of(key).load(key); ok {
				found.hits++
				m.of(key).put(key, nextOf(value))
			}
		case scan:
			for i := range m.shards {
				m.shards[i].scan(found)
			}
		}
	}
}

func (m *shardedMap[K, V]) put(key K, value V) { m.of(key).put(key, value) }

func (m *shardedMap[K, V]) look(key K) (uint64, bool) { return m.of(key).look(key) }

func (m *shardedMap[K, V]) size() int {
	sum := 0
	for i := range m.shards {
		sum += m.shards[i].size()
	}
	return sum
}
