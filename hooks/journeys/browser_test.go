package journeys_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
)

// browser is the one Chromium that all tests share; each test looks through a
// window of its own that knows no cookie of another.
var (
	browser        context.Context
	browserMissing error
)

func TestMain(m *testing.M) {
	os.Exit(withBrowser(m))
}

func withBrowser(m *testing.M) int {
	profile, err := os.MkdirTemp("", "simpul-browser-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(profile)
	var stop func()
	if browser, stop, browserMissing = startBrowser(profile); browserMissing == nil {
		defer stop()
	}
	return m.Run()
}

// startBrowser runs Debian's Chromium without a screen. It speaks to nobody but
// the server under test.
func startBrowser(profile string) (context.Context, func(), error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, nil, fmt.Errorf("these tests drive a real Chromium: run `make tools` (%w)", err)
	}
	allocator, release := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("accept-lang", "id-ID,id"))...)
	ctx, cancel := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		release()
		return nil, nil, fmt.Errorf("Chromium does not start: run `make tools` (%w)", err)
	}
	return ctx, func() {
		if err := chromedp.Cancel(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "closing Chromium:", err)
		}
		release()
	}, nil
}
