// Package journeys holds tests that walk through the hub as people do: with a
// real browser, on a phone's screen, by keyboard alone, without JavaScript, on
// paper. They need Chromium and axe-core, which `make tools` fetches.
package journeys
