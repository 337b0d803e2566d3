package rules

import (
	"math"
	"slices"
	"strconv"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/web"
)

// Names of the boxes for one word of an audience, or of a ladder.
func toBox(word string) string { return "to_" + word }

func upBox(word string) string { return "up_" + word }

// ruleForm is a rule as one sentence to fill in: only what its kind knows.
func ruleForm(e *core.RequestEvent, src reminders.Source, rule *reminders.Rule) *web.Form {
	inputs := []*web.Input{web.Hidden("kind"), web.Hidden("seen")}
	if !src.Anchors[0].Now {
		inputs = append(inputs, timing(web.Language(e), src)...)
	}
	for _, word := range src.Audience {
		inputs = append(inputs, web.Check(toBox(word)).Label("reminder_rules.audience."+word))
	}
	for _, word := range src.Ladder {
		inputs = append(inputs, web.Check(upBox(word)).Label("reminder_rules.audience."+word))
	}
	if len(src.Ladder) > 0 {
		inputs = append(inputs, web.Quantity("wait"))
	}
	return web.NewForm(e, "reminder_rules", append(inputs,
		web.Choice("useful", usefulOptions(web.Language(e), rule)), web.Check("digest"), web.Check("mandatory"),
		web.Text("subject_id").Draft(), web.Long("body_id").Max(5000).Draft(),
		web.Text("subject_en").Draft(), web.Long("body_en").Max(5000).Draft())...)
}

// usefulDays are for how many days after its anchor a message may help, as the
// form offers them.
var usefulDays = []int{1, 3, 5, 7, 14, 21, 30}

// usefulOptions offers the usual spans and the one that the rule has.
func usefulOptions(language string, rule *reminders.Rule) []web.Option {
	options := []web.Option{{Value: "anchor", Label: lang.T(language, "reminders.useful_anchor")}}
	spans := usefulDays
	if n, said := rule.UsefulFor(); said && n > 0 && !slices.Contains(spans, n) {
		spans = append(slices.Clone(spans), n)
	}
	for _, n := range spans {
		options = append(options, web.Option{Value: strconv.Itoa(n), Label: lang.T(language, "reminders.useful_days", "n", n)})
	}
	return options
}

func timing(language string, src reminders.Source) []*web.Input {
	units := []string{"days", "workdays"}
	if src.Anchors[0].Hours {
		units = append(units, "hours")
	}
	anchors := []web.Option{}
	for _, a := range src.Anchors {
		anchors = append(anchors, web.Option{Value: a.Name, Label: lang.T(language, "reminders.anchor."+a.Name)})
	}
	inputs := []*web.Input{web.Quantity("amount"), web.Codes("unit", units...).Need(), web.Codes("side", "before", "on", "after").Need(),
		web.Choice("anchor", anchors).Need(), web.Time("at").Need(), web.Quantity("every"), web.Quantity("most")}
	if _, own := src.Anchor(reminders.OwnDay); own {
		inputs = append(inputs, web.Date("on_day"))
	}
	return inputs
}

// show fills the form with a rule.
func show(r *reminders.Rule, form *web.Form) {
	form.From(r.ProxyRecord())
	form.Set("seen", r.GetString("updated")).Set("at", r.At()).Set("unit", "days").Set("side", "on")
	n := r.Offset()
	switch {
	case r.Hours() != 0:
		form.Set("unit", "hours")
		n = r.Hours()
	case r.GetBool("workdays"):
		form.Set("unit", "workdays")
	}
	if n != 0 {
		form.Set("amount", strconv.Itoa(max(n, -n))).Set("side", map[bool]string{true: "before", false: "after"}[n < 0])
	}
	for name, field := range map[string]string{"every": "repeat_every_days", "most": "repeat_max", "wait": "escalate_after_workdays"} {
		if n := r.GetInt(field); n != 0 {
			form.Set(name, strconv.Itoa(n))
		}
	}
	form.Set("useful", usefulCode(r))
	for _, word := range r.Audience() {
		form.Set(toBox(word), "on")
	}
	for _, word := range r.Ladder() {
		form.Set(upBox(word), "on")
	}
}

func usefulCode(r *reminders.Rule) string {
	days, said := r.UsefulFor()
	switch {
	case !said:
		return ""
	case days == 0:
		return "anchor"
	}
	return strconv.Itoa(days)
}

// take makes a rule of what the form says.
func take(r *reminders.Rule, form *web.Form, src reminders.Source) {
	form.Into(r.ProxyRecord())
	r.Set("offset_days", 0)
	r.Set("offset_hours", 0)
	amount := whole(form, "amount")
	if form.Value("side") == "before" {
		amount = -amount
	}
	switch {
	case form.Value("side") == "on" || src.Anchors[0].Now:
	case form.Value("unit") == "hours":
		r.Set("offset_hours", amount)
	default:
		r.Set("offset_days", amount)
	}
	r.Set("workdays", form.Value("unit") == "workdays")
	r.Set("repeat_every_days", whole(form, "every"))
	r.Set("repeat_max", whole(form, "most"))
	r.Set("escalate_after_workdays", whole(form, "wait"))
	r.Set("audience", ticked(form, src.Audience, toBox))
	r.Set("escalate_to", ticked(form, src.Ladder, upBox))
	r.Set("useful_until", form.Value("useful"))
	if days := form.Value("useful"); days != "" && days != "anchor" {
		r.Set("useful_until", "+"+days)
	}
	if r.GetString("anchor") == "" {
		r.Set("anchor", src.Anchors[0].Name)
	}
	r.Set("name", clipped(Sentence(r, lang.Languages[0])))
}

// whole reads a number that counts something; half of it is refused.
func whole(form *web.Form, name string) int {
	n := form.Number(name)
	if n != math.Trunc(n) || n > math.MaxInt32 {
		form.AddError(name, "problem.not_whole")
		return 0
	}
	return int(n)
}

func ticked(form *web.Form, words []string, box func(string) string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(word string) bool { return form.Value(box(word)) == "" })
}

// longestName is how many characters of its sentence name a rule.
const longestName = 200

func clipped(sentence string) string {
	messages := []rune(sentence)
	return string(messages[:min(len(messages), longestName)])
}

// place puts what is wrong with a rule at the inputs that stand for its fields.
func place(form *web.Form, src reminders.Source) {
	at := map[string]string{"offset_days": "amount", "offset_hours": "amount", "repeat_every_days": "every", "repeat_max": "most",
		"escalate_after_workdays": "wait", "useful_until": "useful", "audience": toBox(src.Audience[0])}
	if len(src.Ladder) > 0 {
		at["escalate_to"] = upBox(src.Ladder[0])
	}
	for i, problem := range form.Problems {
		if input := at[problem.Field]; input != "" {
			form.Problems[i].Field = input
		}
	}
}
