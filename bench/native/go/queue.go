// Go's channels, for bench/queue. Words in a line on standard input, numbers in a line on standard output:
//
//	round <kind> <threads at each end> <items> <capacity>   nanoseconds, and what the items were worth
//	hop <count> <capacity>                                  nanoseconds of each way there and back
package main

import (
	"bufio"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

const textCount = 1000
const textLength = 100

type visit struct {
	user, visits float64
	online       bool
}

func serveQueues(input io.Reader, output io.Writer) error {
	lines := bufio.NewScanner(input)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		numbers := make([]int, len(words))
		for i, word := range words {
			numbers[i], _ = strconv.Atoi(word)
		}
		var err error
		switch {
		case len(words) == 5 && words[0] == "round":
			err = answerRound(output, words[1], numbers[2], numbers[3], numbers[4])
		case len(words) == 3 && words[0] == "hop":
			err = answerHop(output, numbers[1], numbers[2])
		default:
			err = fmt.Errorf("there are round and hop, not %q", lines.Text())
		}
		if err != nil {
			return err
		}
	}
	return lines.Err()
}

func answerRound(output io.Writer, kind string, ends, items, capacity int) error {
	var took time.Duration
	var sum float64
	switch kind {
	case "numbers":
		took, sum = roundOf(ends, items, capacity, func(n int) float64 { return float64(n) }, func(item float64) float64 { return item })
	case "strings":
		texts := makeTexts()
		took, sum = roundOf(ends, items, capacity, func(n int) string { return texts[n%textCount] }, func(item string) float64 {
			return float64(len(item)) + float64(item[textLength-1])
		})
	case "objects":
		took, sum = roundOf(ends, items, capacity, newVisit, worthOfVisit)
	default:
		return fmt.Errorf("there are no %q", kind)
	}
	_, err := fmt.Fprintln(output, took.Nanoseconds(), strconv.FormatFloat(sum, 'f', 0, 64))
	return err
}

func makeTexts() []string {
	texts := make([]string, textCount)
	for n := range texts {
		digits := strconv.Itoa(n)
		texts[n] = strings.Repeat("x", textLength-len(digits)) + digits
	}
	return texts
}

func newVisit(n int) *visit {
	return &visit{float64(n % textCount), float64(n), n%2 == 0}
}

func worthOfVisit(item *visit) float64 {
	worth := item.user + item.visits
	if item.online {
		worth++
	}
	return worth
}

// roundOf sends items from so many goroutines to as many: from the first that begins to the last that ends.
func roundOf[T any](ends, items, capacity int, newItem func(int) T, worth func(T) float64) (time.Duration, float64) {
	runtime.GC()
	channel := make(chan T, capacity)
	share := items / ends
	sums := make([]float64, ends)
	var running sync.WaitGroup
	begin := time.Now()
	for end := range ends {
		running.Add(2)
		go func() {
			defer running.Done()
			sum := 0.0
			for range share {
				sum += worth(<-channel)
			}
			sums[end] = sum
		}()
		go func() {
			defer running.Done()
			for n := end * share; n < (end+1)*share; n++ {
				channel <- newItem(n)
			}
		}()
	}
	running.Wait()
	took := time.Since(begin)
	total := 0.0
	for _, sum := range sums {
		total += sum
	}
	return took, total
}

// answerHop locks each goroutine to a thread: what is measured is the way from thread to thread, as in all other languages.
func answerHop(output io.Writer, count, capacity int) error {
	forth, back := make(chan float64, capacity), make(chan float64, capacity)
	go func() {
		runtime.LockOSThread()
		for range count {
			back <- <-forth
		}
	}()
	samples := make([]string, count)
	done := make(chan bool)
	go func() {
		runtime.LockOSThread()
		for n := range count {
			begin := time.Now()
			forth <- float64(n)
			if <-back != float64(n) {
				panic("another number came back")
			}
			samples[n] = strconv.FormatInt(time.Since(begin).Nanoseconds(), 10)
		}
		done <- true
	}()
	<-done
	_, err := fmt.Fprintln(output, strings.Join(samples, " "))
	return err
}
