// The protocol: words in a line on standard input, one JSON object in a line on standard output.
//
//	load <path>              reads a plan and makes its keys
//	round <limit> <path|->   executes it on a new map; with a path it records latencies there
//	memory <keyKind> <count> measures what entries take
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
		return s.memory(rest)
	}
	return nil, fmt.Errorf("there is no command %q; there are load, round, memory and quit", command)
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

func (s *session) memory(rest string) (any, error) {
	kindWord, countWord, _ := strings.Cut(rest, " ")
	kind, err := strconv.ParseUint(kindWord, 10, 32)
	count, err2 := strconv.ParseUint(countWord, 10, 32)
	if err != nil || err2 != nil || kind >= keyKinds || count < 1 || count > mostKeys {
		return nil, fmt.Errorf("memory takes a kind of keys and how many, not %q", rest)
	}
	return measureMemory(s.rival, uint32(kind), uint32(count)), nil
}
