// The protocol: words in a line on standard input, one JSON object in a line on standard output.
//
//	load <path>              reads a plan and makes its keys
//	round <limit> <path|->   executes it on a new map; with a path it records latencies there
//	memory <keyKind> <count> measures what entries take
//	key <keyKind> <rank>     says a key, so that tests see that all languages make the same
//	quit
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

type loaded struct {
	OK      bool   `json:"ok"`
	Rival   string `json:"rival"`
	Version string `json:"version"`
}

type keyAnswer struct {
	Key any `json:"key"`
}

type failure struct {
	Error string `json:"error"`
}

// session is a conversation with the harness, about one rival.
type session struct {
	rival   string
	execute func(limit int, latencies string) (roundResult, error) // of the plan that was loaded last
}

func serve(rival string, input io.Reader, output io.Writer) error {
	talk := session{rival: rival}
	answers := json.NewEncoder(output)
	lines := bufio.NewScanner(input)
	for lines.Scan() {
		command, rest, _ := strings.Cut(lines.Text(), " ")
		if command == "quit" {
			return nil
		}
		answer, err := talk.answer(command, rest)
		if err != nil {
			answer = failure{err.Error()}
		}
		if err := answers.Encode(answer); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (s *session) answer(command, rest string) (any, error) {
	switch command {
	case "load":
		return s.load(rest)
	case "round":
		return s.round(rest)
	case "memory":
		kind, count, err := kindAndNumber(command, rest)
		if err != nil {
			return nil, err
		}
		return measureMemory(s.rival, kind, count), nil
	case "key":
		kind, rank, err := kindAndNumber(command, rest)
		if err != nil {
			return nil, err
		}
		return keyAnswer{makeKey(kind, rank)}, nil
	}
	return nil, fmt.Errorf("there is no command %q; there are load, round, memory, key and quit", command)
}

func (s *session) load(path string) (any, error) {
	s.execute = nil // lets the plan before go, with its keys
	plan, err := readPlan(path)
	if err != nil {
		return nil, err
	}
	s.execute = prepare(s.rival, plan)
	return loaded{true, titleOf(s.rival), versionOf(s.rival)}, nil
}

func (s *session) round(rest string) (any, error) {
	limit, path, _ := strings.Cut(rest, " ")
	most, err := strconv.ParseUint(limit, 10, 62)
	if err != nil || path == "" {
		return nil, fmt.Errorf("round takes a limit and a path (or -), not %q", rest)
	}
	if s.execute == nil {
		return nil, fmt.Errorf("there is no plan: load one first")
	}
	if path == "-" {
		path = ""
	}
	return s.execute(int(most), path)
}

// kindAndNumber reads a kind of keys, and how many or which of them.
func kindAndNumber(command, rest string) (kind, number uint32, err error) {
	kindWord, numberWord, _ := strings.Cut(rest, " ")
	first, err := strconv.ParseUint(kindWord, 10, 32)
	second, err2 := strconv.ParseUint(numberWord, 10, 32)
	if err != nil || err2 != nil || first >= keyKinds || second < 1 || second > mostKeys {
		return 0, 0, fmt.Errorf("%s takes a kind of keys and a number from 1, not %q", command, rest)
	}
	return uint32(first), uint32(second), nil
}
