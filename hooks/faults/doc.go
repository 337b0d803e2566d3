// Package faults tests the hub as people run it: the real program in a process
// of its own that is killed, stopped and started again.
package faults
