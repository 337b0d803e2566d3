package results_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/results"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func indicator(w *testkit.World, more ...any) *core.Record {
	fields := []any{"programme", w.Kopi.Id, "name", "Kembali ke keluarga", "unit", "orang", "type", "outcome",
		"direction", "higher_better", "period", "yearly", "method", "latest", "baseline", 8, "baseline_on", "2022-12-31", "target", 40, "target_on", "2026-12-31"}
	return w.Make("indicators", append(fields, more...)...)
}

func TestPercent_Values_OfTheWay(t *testing.T) {
	for name, c := range map[string]struct {
		i    results.Indicator
		want int
	}{
		"halfway up":              {results.Indicator{Baseline: 10, Target: 30, TargetOn: "2026-12-31", Latest: 20, LatestOn: "2026-06-30"}, 50},
		"halfway down":            {results.Indicator{Baseline: 30, Target: 10, Latest: 20, LatestOn: "2026-06-30"}, 50},
		"beyond the target":       {results.Indicator{Baseline: 10, Target: 30, Latest: 90, LatestOn: "2026-06-30"}, 100},
		"worse than at the start": {results.Indicator{Baseline: 10, Target: 30, Latest: 5, LatestOn: "2026-06-30"}, 0},
		"a target of zero":        {results.Indicator{Baseline: 30, Target: 0, TargetOn: "2026-12-31", Latest: 15, LatestOn: "2026-06-30"}, 50},
		"no target":               {results.Indicator{Baseline: 30, Latest: 15, LatestOn: "2026-06-30"}, -1},
		"no baseline":             {results.Indicator{Target: 30, Latest: 15, LatestOn: "2026-06-30"}, -1},
		"nothing measured yet":    {results.Indicator{Baseline: 10, Target: 30}, 0},
		"summed up":               {results.Indicator{Baseline: 0, BaselineOn: "2026-01-01", Target: 30, Method: "cumulative", Sum: 15, Latest: 5, LatestOn: "2026-06-30"}, 50},
	} {
		check.Equal(t, name, c.i.Percent(), c.want)
	}
}

func TestCreateValue_Team_SeenByAll(t *testing.T) {
	w := testkit.New(t)
	i := indicator(w)
	c := w.As(w.Coordinator)
	sent := c.Post("/indicators/"+i.Id+"/values", "value", "24", "on", "2026-11-20", "once", "a-key-of-the-form")
	check.Contains(t, "the flash", c.Follow(sent).Want(http.StatusOK).Text(".flash"), "Nilai tersimpan")
	value := w.Only("indicator_values", "indicator", i.Id)
	check.Equal(t, "entered", value.GetString("entered_by"), w.Coordinator.Id)
	seen := w.As(w.Partner).Get("/programmes/kopi/indicators").Want(http.StatusOK)
	check.Contains(t, "the partner", seen.Text("#"+i.Id), "24", "40", "20 Nov 2026")
}

func TestCreateValue_SameForm_OneValue(t *testing.T) {
	w := testkit.New(t)
	i := indicator(w)
	for range 2 {
		w.As(w.Coordinator).Post("/indicators/"+i.Id+"/values", "value", "24", "on", "2026-11-20", "once", "a-key-of-the-form").Want(http.StatusSeeOther)
	}
	check.Equal(t, "rows of indicator_values", w.Count("indicator_values"), 1)
}

func TestCreateValue_Correction_OldNotCounted(t *testing.T) {
	w := testkit.New(t)
	i := indicator(w)
	wrong := w.Make("indicator_values", "indicator", i.Id, "on", "2026-11-20", "value", 240)
	w.Make("indicator_values", "indicator", i.Id, "on", "2026-11-19", "value", 24, "corrects", wrong.Id)
	row := w.As(w.Observer).Get("/programmes/kopi/indicators").Text("#" + i.Id + " .now-of-target")
	check.Contains(t, "the wrong value is still shown", row, "24")
	check.Lacks(t, "the wrong value is still shown", row, "240")
}

func TestCreateValue_CorrectsOtherIndicator_Refused(t *testing.T) {
	w := testkit.New(t)
	i, other := indicator(w), indicator(w, "programme", w.Rantang.Id)
	theirs := w.Make("indicator_values", "indicator", other.Id, "on", "2026-11-20", "value", 7)
	body := map[string]any{"indicator": i.Id, "on": "2026-11-20", "value": 8, "corrects": theirs.Id}
	answer := w.As(w.Coordinator).API(http.MethodPost, "/api/collections/indicator_values/records", body).Want(http.StatusBadRequest)
	if !strings.Contains(fmt.Sprint(answer.JSON()["data"]), "corrects") {
		t.Errorf("refused with %v", answer.JSON())
	}
	row := w.As(w.BaliInitiator).Get("/programmes/rantang/indicators").Want(http.StatusOK).Text("#" + other.Id + " .now-of-target")
	check.Contains(t, "the other programme's value is gone", row, "7")
}

func TestList_Value_Shown(t *testing.T) {
	w := testkit.New(t)
	i := indicator(w)
	w.As(w.Coordinator).Post("/indicators/"+i.Id+"/values", "value", "0", "on", "2026-11-20",
		"source", "Buku induk", "note", "Tiga pindah panti").Want(http.StatusSeeOther)
	list := w.As(w.Partner).Get("/programmes/kopi/indicators").Text("#" + i.Id + " table")
	check.Contains(t, "the list does not say", list, "20 Nov 2026", "0", "Buku induk", "Tiga pindah panti")
}

func TestCreate_OutsideTeam_Refused(t *testing.T) {
	w := testkit.New(t)
	i := indicator(w)
	for name, person := range map[string]*core.Record{"partner": w.Partner, "observer": w.Observer, "outsider": w.Outsider, "another programme's initiator": w.BaliInitiator} {
		c := w.As(person)
		c.Get("/programmes/kopi/indicators/new").Want(http.StatusNotFound)
		c.Get("/indicators/" + i.Id + "/values/new").Want(http.StatusNotFound)
		c.Post("/indicators/"+i.Id+"/values", "value", "1", "on", "2026-11-20").Want(http.StatusNotFound)
		c.Post("/programmes/kopi/indicators", "name", "").Want(http.StatusNotFound)
		check.Equal(t, name+" entered a value", w.Count("indicator_values"), 0)
	}
	w.As(nil).Get("/programmes/kopi/indicators").Want(http.StatusSeeOther)
	w.As(w.Outsider).Get("/programmes/kopi/indicators").Want(http.StatusNotFound)
}

func TestCreateValue_Invalid_NamedAtField(t *testing.T) {
	w := testkit.New(t)
	i := indicator(w)
	for name, c := range map[string]struct{ field, value, on string }{
		"no value":          {"value", "", "2026-11-20"},
		"words":             {"value", "banyak", "2026-11-20"},
		"no day":            {"on", "3", ""},
		"no such day":       {"on", "3", "31/02/2026"},
		"from the future":   {"on", "3", "2027-11-20"},
		"of tomorrow":       {"on", "3", "2026-11-24"},
		"a family's number": {"value", "3374010101010001", "2026-11-20"},
	} {
		r := w.As(w.Initiator).Post("/indicators/"+i.Id+"/values", "value", c.value, "on", c.on, "source", "Buku induk")
		r.Want(http.StatusUnprocessableEntity)
		check.That(t, r.Text("#"+c.field+"-error") != "", "%s: no sentence at %s", name, c.field)
		check.Equal(t, name+": what was typed is lost", r.Doc().Find("#source").AttrOr("value", ""), "Buku induk")
	}
	check.Equal(t, "rows of indicator_values", w.Count("indicator_values"), 0)
}

func TestCreate_Baseline_Saved(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Initiator)
	c.Get("/programmes/kopi/indicators").Want(http.StatusOK)
	sent := c.Post("/programmes/kopi/indicators", "name", "Daftar tunggu", "unit", "orang", "type", "outcome", "direction", "lower_better",
		"period", "yearly", "method", "latest", "baseline", "30", "baseline_on", "31/12/2022", "target", "10", "target_on", "31/12/2026")
	c.Follow(sent).Want(http.StatusOK)
	i := w.Only("indicators", "name", "Daftar tunggu")
	if i.GetString("baseline_on") != "2022-12-31" || i.GetFloat("baseline") != 30 || i.GetString("programme") != w.Kopi.Id {
		t.Errorf("kept as %v", i.PublicExport())
	}
	w.As(w.Initiator).Post("/programmes/kopi/indicators", "name", "Terbalik", "unit", "orang", "type", "outcome", "direction", "lower_better",
		"period", "yearly", "method", "latest", "baseline_on", "2026-12-31", "target_on", "2022-12-31").Want(http.StatusUnprocessableEntity)
}

// waitingList is what the initiator types; a later pair is typed over.
func waitingList(more ...string) []string {
	return append([]string{"name", "Daftar tunggu", "unit", "orang", "type", "outcome", "direction", "lower_better",
		"period", "yearly", "method", "latest"}, more...)
}

func TestCreate_SameForm_OneIndicator(t *testing.T) {
	w := testkit.New(t)
	once, _ := w.As(w.Initiator).Get("/programmes/kopi/indicators/new").Doc().Find("input[name=once]").Attr("value")
	for range 2 {
		w.As(w.Initiator).Post("/programmes/kopi/indicators", waitingList("once", once)...).Want(http.StatusSeeOther)
	}
	check.Equal(t, "rows of indicators", w.Count("indicators"), 1)
}

func TestCreate_ZeroBaseline_NeedsDay(t *testing.T) {
	w := testkit.New(t)
	for name, c := range map[string]struct {
		typed []string
		wrong string
	}{
		"a baseline of zero":              {[]string{"baseline", "0"}, "#baseline_on-error"},
		"a target of zero":                {[]string{"target", "0"}, "#target_on-error"},
		"a baseline of zero with a day":   {[]string{"baseline", "0", "baseline_on", "2026-01-01"}, ""},
		"a baseline of zero and whence":   {[]string{"baseline", "0", "baseline_source", "Buku induk"}, ""},
		"a target of zero with a day":     {[]string{"target", "0", "target_on", "2026-12-31"}, ""},
		"neither a baseline nor a target": {nil, ""},
	} {
		answer := w.As(w.Initiator).Post("/programmes/kopi/indicators", waitingList(c.typed...)...)
		if c.wrong == "" {
			check.Equal(t, name+" was answered", answer.Status, http.StatusSeeOther)
			continue
		}
		if answer.Want(http.StatusUnprocessableEntity); answer.Text(c.wrong) == "" {
			t.Errorf("%s: nothing is said at %s", name, c.wrong)
		}
	}
}
