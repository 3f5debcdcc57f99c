// Runs one of Go's concurrent maps on the plans of the benchmark: rivals <name>. It speaks the protocol that
// protocol.go describes, so the harness cannot tell it from a contender written in JavaScript.
package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 || !slices.Contains(rivalNames, os.Args[1]) {
		fmt.Fprintf(os.Stderr, "usage: %s %s\n", os.Args[0], strings.Join(rivalNames, " | "))
		os.Exit(2)
	}
	if err := serve(os.Args[1], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
