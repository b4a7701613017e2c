// Package matrix is what the Go clients of the matrix share: a program is called as
//
//	<program> <version or "default"> <test> <bootstrap server> <prefix>
//
// and ends with 0 if the client saw what the test promises, with 77 if the library cannot do it; else the last line on standard error is its error.
package matrix

import (
	"fmt"
	"os"
	"time"
)

// Patience is how long a test waits for one thing.
const Patience = 30 * time.Second

const limit = 80 * time.Second

// Run is one test of one client.
type Run struct {
	Version   string // of Kafka, that the client is told to speak, or "default"
	Bootstrap string // host:port
	Prefix    string // of the names of topics and groups
}

// Name is that of a topic or group which no other run uses.
func (run *Run) Name(suffix string) string { return run.Prefix + "-" + suffix }

type unsupported string

// Main runs the test that the arguments name. A test fails by a panic in its own goroutine.
func Main(tests map[string]func(*Run)) {
	run := &Run{Version: os.Args[1], Bootstrap: os.Args[3], Prefix: os.Args[4]}
	time.AfterFunc(limit, func() {
		fmt.Fprintf(os.Stderr, "hangs: no end within %v\n", limit)
		os.Exit(2)
	})
	defer func() {
		failure := recover()
		if reason, is := failure.(unsupported); is {
			fmt.Println(string(reason))
			os.Exit(77)
		}
		if failure != nil {
			fmt.Fprintln(os.Stderr, failure)
			os.Exit(1)
		}
		os.Exit(0)
	}()
	test, known := tests[os.Args[2]]
	if !known {
		Unsupported("the library has no call for it")
	}
	test(run)
}

// Unsupported ends the test because the library, or the version that it is told to speak, does not have this.
func Unsupported(format string, arguments ...any) {
	panic(unsupported(fmt.Sprintf(format, arguments...)))
}

// Must ends the test with what the client says.
func Must(err error) {
	if err != nil {
		panic(fmt.Sprintf("%T: %v", err, err))
	}
}

// Got is the value of a call that must not fail.
func Got[T any](value T, err error) T {
	Must(err)
	return value
}

// Require ends the test with these words unless the condition holds.
func Require(condition bool, format string, arguments ...any) {
	if !condition {
		panic(fmt.Sprintf(format, arguments...))
	}
}

// Await waits until the condition holds.
func Await(what string, condition func() bool) {
	for deadline := time.Now().Add(Patience); !condition(); time.Sleep(50 * time.Millisecond) {
		Require(time.Now().Before(deadline), "not within %v: %s", Patience, what)
	}
}

// Values are those of the records from one number to another, the latter exclusive.
func Values(from, to int) []string {
	values := make([]string, 0, to-from)
	for n := from; n < to; n++ {
		values = append(values, fmt.Sprintf("record %d", n))
	}
	return values
}

// Expect ends the test unless both are the same.
func Expect[T comparable](sent, seen []T) {
	for n := 0; n < len(sent) && n < len(seen); n++ {
		Require(sent[n] == seen[n], "number %d should be %v and is %v", n, sent[n], seen[n])
	}
	Require(len(sent) == len(seen), "expected %d, saw %d", len(sent), len(seen))
}

// ContainsAll tells whether all of some are among the seen.
func ContainsAll(seen, some []string) bool {
	all := make(map[string]bool, len(seen))
	for _, value := range seen {
		all[value] = true
	}
	for _, value := range some {
		if !all[value] {
			return false
		}
	}
	return true
}

// LargestValue is how many bytes a record without key and headers may have in a batch of 1,048,588 bytes, the default of max.message.bytes.
const LargestValue = 1048516

// TooLargeValue is above it in every record format.
const TooLargeValue = 1048588
