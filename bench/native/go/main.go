// Runs one of Go's concurrent maps on the plans of the benchmark: rivals <name>. It speaks the protocol that
// protocol.go describes, so the harness cannot tell it from a contender written in JavaScript. Or its channels: rivals queue.
package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "queue" {
		exitAfter(serveQueues(os.Stdin, os.Stdout))
	}
	if len(os.Args) != 2 || !slices.Contains(rivalNames, os.Args[1]) {
		fmt.Fprintf(os.Stderr, "usage: %s %s\n", os.Args[0], strings.Join(rivalNames, " | "))
		os.Exit(2)
	}
	exitAfter(serve(os.Args[1], os.Stdin, os.Stdout))
}

func exitAfter(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}
