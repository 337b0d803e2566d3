package programmes_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// pages are the addresses of this room with who may see them: initiator,
// coordinator, observer, partner, somebody of another programme, outsider.
var pages = []struct {
	address string
	status  [6]int
}{
	{"/programmes", [6]int{200, 200, 200, 200, 200, 200}},
	{"/programmes/new", [6]int{200, 404, 404, 404, 200, 404}},
	{"/programmes/kopi/edit", [6]int{200, 200, 404, 404, 404, 404}},
	{"/programmes/kopi/team", [6]int{200, 200, 200, 404, 404, 404}},
}

func readers(w *testkit.World) [6]*core.Record {
	return [6]*core.Record{w.Initiator, w.Coordinator, w.Observer, w.Partner, w.BaliInitiator, w.Outsider}
}

func TestEveryPageOpensForTheRightPeople(t *testing.T) {
	w := testkit.New(t)
	for i, person := range readers(w) {
		c := w.As(person)
		for _, p := range pages {
			if got := c.Get(p.address).Status; got != p.status[i] {
				t.Errorf("%s for %s: %d, want %d", p.address, person.GetString("name"), got, p.status[i])
			}
		}
	}
	for _, p := range pages {
		w.As(w.Administrator).Get(p.address).Want(200)
		disabled := w.As(w.Disabled).Get(p.address)
		check.Equal(t, p.address+" for somebody whose account is closed", disabled.Status, 303)
	}
}

func TestEveryPageIsCompleteInBothLanguages(t *testing.T) {
	w := testkit.New(t)
	for _, language := range []string{"id", "en"} {
		w.Initiator.Set("language", language)
		check.NoError(t, w.App.Save(w.Initiator))
		c := w.As(w.Fresh(w.Initiator))
		for _, p := range pages {
			answer := c.Get(p.address).Want(200)
			if strings.Contains(answer.Body, "⟦") {
				t.Errorf("%s lacks words in %s", p.address, language)
			}
			if got, _ := answer.Doc().Find("html").Attr("lang"); got != language {
				t.Errorf("%s says it is in %q", p.address, got)
			}
			check.Equal(t, p.address, answer.Doc().Find("h1").Length(), 1)
			unlabelled(t, p.address, answer.Doc())
		}
	}
}

// unlabelled complains about controls that a screen reader cannot name.
func unlabelled(t *testing.T, address string, doc *goquery.Document) {
	t.Helper()
	for _, control := range doc.Find("main input:not([type=hidden]), main select, main textarea").EachIter() {
		id, _ := control.Attr("id")
		label := doc.Find(`label[for="` + id + `"]`).Length()
		if _, named := control.Attr("aria-label"); label == 0 && !named && control.Closest("label").Length() == 0 {
			t.Errorf("%s: control %q has no label", address, id)
		}
	}
}

func TestAWrongFieldIsTiedToItsSentence(t *testing.T) {
	w := testkit.New(t)
	doc := w.As(w.Initiator).Post("/programmes", typed(w, "name", "", "ends_on", "kapan")...).Want(422).Doc()
	for _, field := range []string{"name", "ends_on"} {
		control := doc.Find("#" + field)
		described, _ := control.Attr("aria-describedby")
		invalid, _ := control.Attr("aria-invalid")
		if !strings.Contains(described, field+"-error") || invalid != "true" {
			t.Errorf("%s: described by %q, invalid %q", field, described, invalid)
		}
		check.Equal(t, field+" is not named above the form", doc.Find(`.problems a[href="#`+field+`"]`).Length(), 1)
	}
}

func TestWhatPeopleTypeIsShownNeverRun(t *testing.T) {
	w := testkit.New(t)
	evil := `<img src=x onerror=alert(1)>"'&{{.}}`
	w.Kopi.Set("name", evil)
	w.Kopi.Set("expansion", evil)
	w.Kopi.Set("regency", evil)
	check.NoError(t, w.App.Save(w.Kopi))
	w.Coordinator.Set("name", evil)
	check.NoError(t, w.App.Save(w.Coordinator))
	c := w.As(w.Initiator)
	for _, p := range pages {
		answer := c.Get(p.address).Want(200)
		if strings.Contains(answer.Body, "<img src=x") || answer.Doc().Find("main [onerror]").Length() != 0 {
			t.Errorf("%s runs what somebody typed", p.address)
		}
	}
	check.Equal(t, "the name is shown", join(c.Get("/programmes"), ".card h2 a"), evil)
	wrong := c.Post("/programmes", typed(w, "name", evil, "kind", evil, "owner_name", evil)...).Want(422)
	check.Lacks(t, "a refused form runs what was typed", wrong.Body, "<img src=x")
	if kept, _ := wrong.Doc().Find("#name").Attr("value"); kept != evil {
		t.Errorf("the typed name became %q", kept)
	}
}

func TestAFormFromAnotherSiteIsRefused(t *testing.T) {
	w := testkit.New(t)
	before := w.Count("programmes")
	c := w.As(w.Initiator)
	c.Header.Set("Sec-Fetch-Site", "cross-site")
	for _, address := range []string{"/programmes", "/programmes/kopi/edit", "/programmes/kopi/team"} {
		c.Post(address, typed(w)...).Want(403)
	}
	check.Equal(t, "another site started a programme", w.Count("programmes"), before)
}

func TestBytesThatAreNoMessagesAreRefused(t *testing.T) {
	w := testkit.New(t)
	for _, value := range []string{"Rumah\x00Teduh", "Rumah \xff\xfe"} {
		answer := w.As(w.Initiator).Post("/programmes", typed(w, "name", value)...).Want(422)
		if got := answer.Text("#name-error"); !strings.Contains(got, "tidak terbaca") {
			t.Errorf("%q: %q", value, got)
		}
	}
}
