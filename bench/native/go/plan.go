// Plans: all that a contender is to do, as data. bench/streams/plan.ts states the layout of their files.
package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// Operations are words: what to do in the high 8 bits, the rank of the key in the low 24.
const (
	get = iota
	set
	remove
	increment
	modify
	scan
	load // get, and set what is not there
	operationKinds
)

const (
	kindShift   = 24
	rankMask    = 1<<kindShift - 1
	mostKeys    = 1<<kindShift - 1
	planMagic   = "THPLAN01"
	headerBytes = 48
)

type plan struct {
	keyKind     uint32
	booleans    bool
	keyCount    uint32
	prefill     uint32
	threads     int
	counters    bool // the values are plain counts
	background  bool // stream 0 is measured, the others begin again and again until it is done
	presize     bool // there may be room for keyCount entries before
	sampleEvery int
	loops       int
	bound       uint32 // most entries of a cache; 0: it is a map
	streams     [][]uint32
}

// tasks tells whether the streams are more than the threads, and so taken by whichever is free.
func (p *plan) tasks() bool { return len(p.streams) > p.threads }

func readPlan(path string) (*plan, error) {
	bytes, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(bytes) < headerBytes || string(bytes[:len(planMagic)]) != planMagic {
		return nil, fmt.Errorf("%s is not a plan", path)
	}
	p, err := decodePlan(bytes)
	if err == nil {
		err = p.check()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

func decodePlan(bytes []byte) (*plan, error) {
	words := make([]uint32, len(bytes)/4)
	for i := range words {
		words[i] = binary.LittleEndian.Uint32(bytes[4*i:])
	}
	flags, count, rest := words[8], int(words[7]), words[headerBytes/4:]
	p := &plan{
		keyKind: words[2], booleans: words[3] == 1, keyCount: words[4], prefill: words[5], threads: int(words[6]),
		counters: flags&1 != 0, background: flags&2 != 0, presize: flags&4 != 0,
		sampleEvery: int(words[9]), loops: int(words[10]), bound: words[11],
	}
	if count > len(rest) {
		return nil, errors.New("the plan is cut off")
	}
	lengths, operations := rest[:count], rest[count:]
	for _, length := range lengths {
		if int(length) > len(operations) {
			return nil, errors.New("the plan is cut off")
		}
		p.streams = append(p.streams, operations[:length])
		operations = operations[length:]
	}
	if len(operations) != 0 || len(bytes)%4 != 0 {
		return nil, errors.New("there is more in the file than the plan says")
	}
	return p, nil
}

func (p *plan) check() error {
	switch {
	case p.keyKind >= keyKinds:
		return fmt.Errorf("there is no kind %d of keys", p.keyKind)
	case p.keyCount > mostKeys || p.prefill > p.keyCount:
		return errors.New("there are more keys than a plan can have")
	case p.threads < 1 || len(p.streams) < p.threads:
		return errors.New("there are fewer streams than threads, or no threads")
	case p.sampleEvery < 1 || p.loops < 1:
		return errors.New("sampleEvery and loops are at least 1")
	case p.background && p.tasks():
		return errors.New("tasks cannot be in the background")
	case p.counters && p.booleans:
		return errors.New("booleans do not count")
	}
	for _, stream := range p.streams {
		if err := p.checkStream(stream); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) checkStream(stream []uint32) error {
	for _, operation := range stream {
		kind := operation >> kindShift
		switch {
		case kind >= operationKinds:
			return fmt.Errorf("there is no operation %d", kind)
		case operation&rankMask >= p.keyCount && kind != scan:
			return fmt.Errorf("there is no key of rank %d", operation&rankMask)
		case p.counters && (kind == set || kind == modify):
			return errors.New("counters are incremented, not set")
		case kind == load && (p.bound == 0 || p.booleans):
			return errors.New("only a cache of numbers loads")
		case !p.counters && kind == increment:
			return errors.New("only counters can be incremented")
		}
	}
	return nil
}
