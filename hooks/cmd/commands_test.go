package cmd

import (
	"io"
	"strings"
	"testing"
)

func TestTheDemonstrationIsForThisMachineOnly(t *testing.T) {
	for address, allowed := range map[string]bool{
		"127.0.0.1:8090": true, "127.4.5.6:1": true, "[::1]:8090": true, "localhost:8090": true,
		"0.0.0.0:8090": false, ":8090": false, "[::]:8090": false, "192.168.1.20:8090": false, "hub.example.org:8090": false,
		"10.0.0.1:8090": false, "localhost.example.org:80": false, "127.0.0.1": false, "": false,
	} {
		err := loopback(address)
		if (err == nil) != allowed {
			t.Errorf("%q: %v", address, err)
		}
		if err != nil && !strings.Contains(err.Error(), " / ") {
			t.Errorf("%q is refused in one language only: %v", address, err)
		}
	}
}

func TestTheDemonstrationRefusesBeforeItTouchesAnything(t *testing.T) {
	cmd := demoCommand(nil) // an app it may not even look at
	cmd.SetArgs([]string{"--http", "0.0.0.0:8090"})
	cmd.SetErr(io.Discard)
	cmd.SetOut(io.Discard)
	if err := cmd.Execute(); err == nil || !strings.Contains(err.Error(), "0.0.0.0") {
		t.Errorf("the answer is %v", err)
	}
	if flag := cmd.Flags().Lookup("http"); flag == nil || flag.DefValue != demoAddress || loopback(flag.DefValue) != nil {
		t.Errorf("by itself it serves at %v", flag)
	}
}
