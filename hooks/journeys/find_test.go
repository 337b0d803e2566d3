package journeys_test

import (
	"encoding/json"
	"strings"
)

// place is a point of the window in CSS pixels.
type place struct {
	X, Y  float64
	Wrong string
}

// called writes the call of a JavaScript function.
func called(function string, args []any) string {
	written := make([]string, len(args))
	for i, a := range args {
		raw, err := json.Marshal(a)
		if err != nil {
			panic(err)
		}
		written[i] = string(raw)
	}
	return "(" + function + ")(" + strings.Join(written, ", ") + ")"
}

func contains(text, words string) bool {
	return strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(words), " "))
}

// find brings something into view as a finger would and returns its middle.
// What is hidden, or lies under something else, cannot be pressed.
func (v *visitor) find(kind, words string) place {
	v.Helper()
	at := eval[place](v, locate, kind, words)
	if at.Wrong != "" {
		v.Fatalf("%s: %s %q %s; shown:\n%s", v.at(), kind, words, at.Wrong, eval[string](v, shown))
	}
	return at
}

// locate finds, by the words people read, a button, link or heading of folded
// text ("press") or the control of a label ("field").
const locate = `(kind, words) => {
	const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim()
	const visible = (one) => one.checkVisibility({ visibilityProperty: true })
	const controls = () => [...document.querySelectorAll('label, legend')].map((label) => ({
		name: tidy(label.innerText),
		one: label.tagName === 'LEGEND' ? label : label.control?.type.match(/radio|checkbox|file/) ? label : label.control,
	}))
	const presses = () => [...document.querySelectorAll('a[href], button, summary')].map((one) =>
		({ name: tidy(one.getAttribute('aria-label') ?? one.innerText), one }))
	const inMain = ({ one }) => Boolean(one.closest('main, .toast'))
	const known = (kind === 'field' ? controls() : presses()).filter(({ one }) => one && visible(one))
		.sort((a, b) => inMain(b) - inMain(a))
	const { one } = known.find(({ name }) => name === words) ?? known.find(({ name }) => name.startsWith(words)) ?? {}
	if (!one) return { X: 0, Y: 0, Wrong: 'is not on the page' }
	one.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' })
	const box = one.getClientRects()[0]
	const X = box.x + box.width / 2, Y = box.y + box.height / 2
	const top = document.elementFromPoint(X, Y)
	const Wrong = top && (one.contains(top) || top.contains(one)) ? '' : 'lies under ' + (top?.outerHTML ?? 'nothing').slice(0, 120)
	return { X, Y, Wrong }
}`

// choose does what picking in a native list, card or calendar does. It reports
// whether the choice is offered.
const choose = `(label, choice) => {
	const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim()
	const starts = (one) => tidy(one.innerText).startsWith(label)
	const best = (all, text) => all.find((one) => tidy(text(one)) === choice) ?? all.find((one) => tidy(text(one)).startsWith(choice))
	const told = (one) => ['input', 'change'].forEach((kind) => one.dispatchEvent(new Event(kind, { bubbles: true })))
	const group = [...document.querySelectorAll('legend')].find(starts)?.closest('fieldset')
	const card = group && best([...group.querySelectorAll('label')], (one) => one.innerText)
	if (group) {
		card?.click()
		return Boolean(card)
	}
	const one = [...document.querySelectorAll('label')].find(starts)?.control
	if (one?.tagName === 'SELECT') {
		const option = best([...one.options], (option) => option.text)
		if (option) option.selected = true
		told(one)
		return Boolean(option)
	}
	one.value = choice
	told(one)
	return one.value === choice
}`

// shown is the text of the page as it is painted.
const shown = `() => document.body.innerText.replace(/[ \u00a0\u202f]+/g, ' ')`
