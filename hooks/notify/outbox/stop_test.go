package outbox

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	// a2Hubs senders work side by side, and each is stopped a2Stops times.
	a2Hubs, a2Stops = 2, 50
	// longestStop and busiestStop are what a stop may cost in time and in work.
	longestStop, busiestStop = 5 * time.Second, 200 * time.Millisecond
)

func TestProcessDue_Stopped_LosesAndDoublesNothing(t *testing.T) {
	each := kills(a2Stops)
	for range a2Hubs {
		t.Run("sender", func(t *testing.T) {
			t.Parallel()
			r := newTrial(t, each, 3*time.Millisecond)
			longest, busiest := time.Duration(0), time.Duration(0)
			for i := range each {
				took, work := stopAfter(t, child(t, r.DataDir(), i), r.accepted, 1+rand.IntN(perStart-4))
				longest, busiest = max(longest, took), max(busiest, work)
				var left int
				check(t, r.DB().NewQuery("SELECT COUNT(*) FROM deliveries WHERE state IN ('sending', 'uncertain')").Row(&left))
				if left > 0 {
					t.Errorf("%d letters were left on their way", left)
				}
			}
			if longest > longestStop || busiest > busiestStop {
				t.Errorf("a stop took up to %s and %s of work", longest, busiest)
			}
			r.finish(t, each, 0)
			t.Logf("%d stops: none lost, none doubled; the longest took %s, the busiest %s of work", each, longest, busiest)
		})
	}
}

// stopAfter asks the sender to stop after some messages and returns how long that took and how much it worked meanwhile.
func stopAfter(t *testing.T, cmd *exec.Cmd, accepted <-chan struct{}, n int) (took, work time.Duration) {
	t.Helper()
	await(t, accepted, n)
	before := worked(t, cmd.Process.Pid)
	begin := time.Now()
	check(t, cmd.Process.Signal(syscall.SIGTERM))
	if err := cmd.Wait(); err != nil {
		t.Fatalf("the sender ended with %v", err)
	}
	took = time.Since(begin)
	for len(accepted) > 0 {
		<-accepted
	}
	return took, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime() - before
}

// worked is the processor time a process has used, as Linux counts it in hundredths of a second.
func worked(t *testing.T, pid int) time.Duration {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	check(t, err)
	_, after, _ := strings.Cut(string(raw), ") ")
	fields := strings.Fields(after)
	var user, system int64
	_, err = fmt.Sscan(fields[11]+" "+fields[12], &user, &system)
	check(t, err)
	return time.Duration(user+system) * 10 * time.Millisecond
}
