# The toolchain in go.mod is fetched when the machine's own Go is older.
export GOTOOLCHAIN ?= auto

# Everything but the tests that drive a browser or kill processes.
QUICK = $(shell go list ./... | grep -v -e /journeys -e /faults)

.PHONY: run build test test-mta test-on check lint bench endurance tools year

run: build
	./simpul demo

build:
	go build -trimpath -ldflags "-s -w" -o simpul .

# Everything a release needs. What go vet says, lint has said. Without debugging
# tables a test binary links in two thirds of the time.
test: tools lint
	go test -vet=off -ldflags "-s -w" -timeout 10m ./...

# Two hundred letters to a real Exim, which is unpacked and never installed.
test-mta:
	go vet -tags mta ./hooks/mta
	go test -tags mta -count=1 -timeout 3m -v ./hooks/mta

# The quick tests as if it were another date, which the machine's clock need not show.
test-on: PACKAGES ?= $(QUICK)
test-on:
	tools/test-on "$(DATE)" -short -timeout 10m $(PACKAGES)

# The inner loop.
check:
	go vet ./...
	go test -short -ldflags "-s -w" -timeout 5m $(QUICK)

lint:
	@test -z "$$(gofmt -l main.go hooks migrations)" || { gofmt -l main.go hooks migrations; exit 1; }
	go vet ./...
	go tool -modfile=tools/go.mod staticcheck ./...

# What the tests drive: axe-core and PocketBase's own client from the lock file,
# Node to run it, a real Chromium.
tools:
	@command -v node >/dev/null && command -v npm >/dev/null || { apt-get update -qq && apt-get install -y -qq nodejs npm; }
	npm ci --ignore-scripts --no-audit --no-fund
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium; }

# Ten thousand random histories of the sender; an ordinary run tries fewer.
endurance:
	go test ./hooks/notify/outbox -run TestA11 -rapid.checks=10000 -timeout 30m

# The independent list of a year of letters, made anew from the words of the rules.
year:
	cd hooks/notify/reminders/testdata/year && python3 year.py > year.csv

bench:
	go test -run '^$$' -bench . -benchtime 2s ./...
