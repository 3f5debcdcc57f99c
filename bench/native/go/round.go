// A round: a new map, what is in it before, the streams from one barrier, and what came of it.
package main

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

type roundResult struct {
	Nanoseconds int64          `json:"nanoseconds"`
	Threads     []threadResult `json:"threads"`
	Operations  int            `json:"operations"`
	Hits        uint64         `json:"hits"`
	Sum         uint64         `json:"sum"`
	Removed     uint64         `json:"removed"`
	Visited     uint64         `json:"visited"`
	Size        int            `json:"size"`
	Content     uint64         `json:"content"`
}

type threadResult struct {
	Nanoseconds int64 `json:"nanoseconds"`
	Operations  int   `json:"operations"`
	Samples     *int  `json:"samples,omitempty"`
}

// prepare makes the keys of a plan, and returns a function that executes it once.
func prepare(name string, p *plan) func(limit int, latencies string) (roundResult, error) {
	if p.keyKind <= wideKeys {
		return prepareFor(name, p, makeKeys(p, numberMaker(p.keyKind)))
	}
	return prepareFor(name, p, makeKeys(p, textMaker(p.keyKind)))
}

func prepareFor[K key](name string, p *plan, keys planKeys[K]) func(limit int, latencies string) (roundResult, error) {
	if p.booleans {
		return (&contest[K, uint8]{name, p, keys}).round
	}
	return (&contest[K, uint32]{name, p, keys}).round
}

// contest is a rival that executes a plan again and again.
type contest[K key, V value] struct {
	name string
	plan *plan
	keys planKeys[K]
}

func (c *contest[K, V]) round(limit int, latencies string) (roundResult, error) {
	entries := c.fill()
	runners := c.runners(entries, limit, latencies != "")
	runtime.GC()
	nanoseconds := race(runners, c.plan.background)
	result := summarize(runners, c.plan)
	result.Nanoseconds = nanoseconds
	result.Size = entries.size()
	result.Content = c.content(entries)
	if cache, ok := entries.(closer); ok {
		cache.close()
	}
	if latencies == "" {
		return result, nil
	}
	return result, writeSamples(latencies, runners)
}

// fill makes a map with what is there before.
func (c *contest[K, V]) fill() rival[K, V] {
	capacity := uint32(0)
	if c.plan.presize {
		capacity = c.plan.keyCount
	}
	entries := newRival[K, V](c.name, c.plan.counters, capacity, c.plan.bound)
	for rank, key := range c.keys.byRank[:c.plan.prefill] {
		if c.plan.counters {
			entries.put(key, 0)
		} else {
			entries.put(key, valueOf[V](uint32(rank), 0))
		}
	}
	return entries
}

// runners has one for each stream, so that tasks are a goroutine each.
func (c *contest[K, V]) runners(entries rival[K, V], limit int, sampled bool) []*runner {
	stop := new(atomic.Bool)
	runners := make([]*runner, len(c.plan.streams))
	for i, stream := range c.plan.streams {
		r := &runner{stream: stream, total: len(stream) * c.plan.loops, stop: stop}
		if limit > 0 {
			r.total = min(r.total, limit)
		}
		r.endless = c.plan.background && i > 0
		if sampled && !r.endless {
			r.sampleEvery = c.plan.sampleEvery
			r.samples = make([]uint32, 0, (r.total+r.sampleEvery-1)/r.sampleEvery)
		}
		r.execute = func(operations []uint32, place int) {
			keys := c.keys.ofStream[i][place : place+len(operations)]
			entries.execute(operations, keys, uint32(place), &r.found)
		}
		runners[i] = r
	}
	return runners
}

// content sums up what is there at the end, key by key.
func (c *contest[K, V]) content(entries rival[K, V]) uint64 {
	sum := uint64(0)
	for _, key := range c.keys.byRank {
		value, _ := entries.look(key)
		if !c.plan.counters {
			value &= rankMask
		}
		sum += value
	}
	return sum
}

// race lets all goroutines go at once, and returns the time until the last has ended, or the measured one.
func race(runners []*runner, background bool) int64 {
	var ready, ended sync.WaitGroup
	release := make(chan struct{})
	var start time.Time
	for _, r := range runners {
		ready.Add(1)
		ended.Add(1)
		go func() {
			defer ended.Done()
			ready.Done()
			<-release
			r.run()
			r.nanoseconds = time.Since(start).Nanoseconds()
		}()
	}
	ready.Wait()
	start = time.Now()
	close(release)
	ended.Wait()
	last := runners[0].nanoseconds
	for _, r := range runners {
		if !background {
			last = max(last, r.nanoseconds)
		}
	}
	return last
}

// summarize adds up the streams that are measured: in the background it is the first only.
func summarize(runners []*runner, p *plan) roundResult {
	var result roundResult
	for i, r := range runners {
		thread := threadResult{Nanoseconds: r.nanoseconds, Operations: r.found.operations}
		if r.sampleEvery > 0 {
			samples := len(r.samples)
			thread.Samples = &samples
		}
		result.Threads = append(result.Threads, thread)
		if p.background && i > 0 {
			continue
		}
		result.Operations += r.found.operations
		result.Hits += r.found.hits
		result.Removed += r.found.removed
		result.Visited += r.found.visited
		result.Sum += r.found.scanned
		if !p.counters {
			result.Sum += r.found.read // counters change while others count
		}
	}
	return result
}
