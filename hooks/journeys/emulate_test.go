package journeys_test

import (
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// wide makes the window so many CSS pixels wide.
func (v *visitor) wide(width int64) {
	v.Helper()
	v.must(chromedp.Do(v.ctx, chromedp.EmulateViewport(width, 740)))
}

// unrolled makes the window as tall as its page, so that what sticks to the edge
// of a window covers nothing.
func (v *visitor) unrolled(width int64) {
	v.Helper()
	v.wide(width)
	v.must(chromedp.Do(v.ctx, chromedp.EmulateViewport(width, eval[int64](v, `() => document.scrollingElement.scrollHeight`))))
}

// prefers sets what the reader's system asks of pages: "light" or "dark".
func (v *visitor) prefers(scheme string) {
	v.Helper()
	call(v, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
}

// onPaper shows the page as it would be printed.
func (v *visitor) onPaper() {
	v.Helper()
	call(v, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
}

// withoutScripts makes the window one that runs none of our JavaScript.
func (v *visitor) withoutScripts() *visitor {
	v.Helper()
	call(v, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return v
}

// online takes the window's network away or gives it back.
func (v *visitor) online(yes bool) {
	v.Helper()
	call(v, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: !yes, DownloadThroughput: -1, UploadThroughput: -1})
	call(v, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: !yes, DownloadThroughput: -1, UploadThroughput: -1}}})
}
