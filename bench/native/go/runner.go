// A runner executes one stream: from its barrier to its end, loop after loop, with a look at the clock around those
// operations whose latency is asked for.
package main

import (
	"bufio"
	"encoding/binary"
	"math"
	"os"
	"sync/atomic"
	"time"
)

// backgroundRun is how many operations a stream in the background does before it looks whether it may stop.
const backgroundRun = 16

type runner struct {
	stream      []uint32
	total       int  // operations, all loops together
	endless     bool // until the measured stream has ended
	sampleEvery int  // 0: no latencies
	execute     func(operations []uint32, place int)
	stop        *atomic.Bool

	found       tally
	samples     []uint32
	nanoseconds int64
}

func (r *runner) run() {
	if r.endless {
		r.runUntilStopped()
		return
	}
	for done := 0; done < r.total; {
		done += r.runFrom(done)
	}
	r.found.operations = r.total
	r.stop.Store(true)
}

// runFrom executes operations to the end of the stream, or to the next one that is to be timed, and says how many.
func (r *runner) runFrom(done int) int {
	place := done % len(r.stream)
	count := min(len(r.stream)-place, r.total-done)
	if r.sampleEvery == 0 {
		r.execute(r.stream[place:place+count], place)
		return count
	}
	if sinceSample := done % r.sampleEvery; sinceSample > 0 {
		count = min(count, r.sampleEvery-sinceSample)
		r.execute(r.stream[place:place+count], place)
		return count
	}
	start := time.Now()
	r.execute(r.stream[place:place+1], place)
	r.samples = append(r.samples, uint32(min(time.Since(start).Nanoseconds(), math.MaxUint32)))
	return 1
}

func (r *runner) runUntilStopped() {
	for place := 0; !r.stop.Load() && len(r.stream) > 0; {
		count := min(backgroundRun, len(r.stream)-place)
		r.execute(r.stream[place:place+count], place)
		r.found.operations += count
		place = (place + count) % len(r.stream)
	}
}

// writeSamples writes the latencies of one runner after the other.
func writeSamples(path string, runners []*runner) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	output := bufio.NewWriter(file)
	for _, r := range runners {
		if err := binary.Write(output, binary.LittleEndian, r.samples); err != nil {
			return err
		}
	}
	if err := output.Flush(); err != nil {
		return err
	}
	return file.Close()
}
