// Keys: everything follows from a key's rank, the same in all languages (bench/streams/keys.ts).
package main

import (
	"fmt"
	"strconv"
)

// Kinds of keys. Strings that were seen before and fresh ones are the same here: Go keeps no hash in a string.
const (
	numberKeys = iota
	wideKeys
	seenKeys
	freshKeys
	longKeys
	paddedKeys
	keyKinds
)

type key interface {
	uint64 | string
}

// numberMaker returns a function that makes the key of a rank.
func numberMaker(kind uint32) func(rank uint32) uint64 {
	if kind == numberKeys {
		return func(rank uint32) uint64 { return uint64(rank) }
	}
	return func(rank uint32) uint64 { return uint64(mix(^rank)>>11)<<32 + uint64(mix(rank)) }
}

// textMaker returns a function that makes the key of a rank, as a string of its own.
func textMaker(kind uint32) func(rank uint32) string {
	switch kind {
	case longKeys:
		return func(rank uint32) string { return fmt.Sprintf("key_%060d", rank) }
	case paddedKeys:
		return func(rank uint32) string { return fmt.Sprintf("key_%012d", rank) }
	}
	return func(rank uint32) string { return "key_" + strconv.Itoa(int(rank)) }
}

func makeKey(kind, rank uint32) any {
	if kind <= wideKeys {
		return numberMaker(kind)(rank)
	}
	return textMaker(kind)(rank)
}

// planKeys has the keys of all ranks, and again in the order in which streams use them: then reading them costs little,
// as it does the contenders in other languages.
type planKeys[K key] struct {
	byRank   []K
	ofStream [][]K
}

func makeKeys[K key](p *plan, newKey func(rank uint32) K) planKeys[K] {
	keys := planKeys[K]{make([]K, p.keyCount), make([][]K, len(p.streams))}
	for rank := range keys.byRank {
		keys.byRank[rank] = newKey(uint32(rank))
	}
	for i, stream := range p.streams {
		keys.ofStream[i] = make([]K, len(stream))
		for place, operation := range stream {
			if operation>>kindShift != scan {
				keys.ofStream[i][place] = keys.byRank[operation&rankMask]
			}
		}
	}
	return keys
}

// mix is the finalizer of MurmurHash3.
func mix(bits uint32) uint32 {
	bits = (bits ^ bits>>16) * 0x85ebca6b
	bits = (bits ^ bits>>13) * 0xc2b2ae35
	return bits ^ bits>>16
}
