// Values: a rank in the low 24 bits, and above it a version, which says how often the value was written.
package main

import "fmt"

const mostVersion = 63

// value is what maps hold: numbers and counters, or booleans as the byte that a bool is in Go, 1 for true.
type value interface {
	uint32 | uint8
}

// valueOf makes a value of a rank, as a version of it.
func valueOf[V value](rank, version uint32) V {
	if isBoolean[V]() {
		return 1
	}
	return V(rank | (version&mostVersion)<<kindShift)
}

// valueIn makes the value that a SET at a place of its stream writes.
func valueIn[V value](operation, place uint32) V {
	return valueOf[V](operation&rankMask, place+1)
}

// nextOf makes the value that replaces another one of the same rank.
func nextOf[V value](current V) V {
	return valueOf[V](uint32(current)&rankMask, uint32(current)>>kindShift+1)
}

// lasting is the part of a value that is the same in all its versions.
func lasting[V value](of V) uint64 {
	return uint64(uint32(of) & rankMask)
}

// checked is the same of what a cache has found, which must be the value of its key.
func checked[V value](of V, operation uint32) uint64 {
	if uint32(of)&rankMask != operation&rankMask {
		panic(fmt.Sprintf("the key of rank %d has the value of rank %d", operation&rankMask, uint32(of)&rankMask))
	}
	return lasting(of)
}

// isBoolean is known to the compiler, so that nothing is left of it at run time.
func isBoolean[V value]() bool {
	return ^V(0) == 0xff
}
