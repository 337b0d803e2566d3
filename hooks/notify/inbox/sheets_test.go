package inbox_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"simpul/hooks/testkit"
)

// crowd is a field in which no mail reaches so many people, each with two things to be told.
func crowd(t *testing.T, people int) *field {
	t.Helper()
	f := newField(t)
	for i := range people - 1 {
		f.Make("contacts", "organisation", f.Shop.Id, "position", fmt.Sprintf("Juru kopi %02d", i), "phone", "0812-3456-7890", "focal_point", true)
	}
	f.errand("Seduh kopi")
	f.errand("Sajikan kopi")
	f.missed()
	return f
}

// people are those whom a page shows, by the ids of their cards.
func people(page *testkit.Response) (out []string) {
	page.Doc().Find("main section.card[aria-labelledby^=who-]").Each(func(_ int, card *goquery.Selection) {
		out = append(out, card.AttrOr("aria-labelledby", ""))
	})
	return out
}

func TestEverybodyWhomNoMailReachesIsOnSomePage(t *testing.T) {
	f := crowd(t, 66)
	c := f.As(f.Coordinator)
	var all []string
	next := byHand
	for _, want := range []int{30, 30, 6} {
		page := c.Get(next).Want(http.StatusOK)
		if n := len(people(page)); n != want {
			t.Fatalf("%s shows %d people, want %d", next, n, want)
		}
		if text := page.Doc().Find("main textarea").First().Text(); !strings.Contains(text, "Seduh kopi") || !strings.Contains(text, "Sajikan kopi") {
			t.Errorf("%s tells less than there is: %s", next, text)
		}
		all = append(all, people(page)...)
		if before := page.Doc().Find("a[rel=prev]").Length(); before != min(len(all)-want, 1) {
			t.Errorf("%s leads back %d times", next, before)
		}
		next = page.Doc().Find("a[rel=next]").AttrOr("href", "")
	}
	if next != "" {
		t.Errorf("the last page leads on to %s", next)
	}
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != 66 {
		t.Errorf("%d different people in all", n)
	}
}

func TestAPageThatIsNotThereShowsTheLastOne(t *testing.T) {
	f := crowd(t, 33)
	for path, want := range map[string]int{"?page=2": 3, "?page=3": 3, "?page=9999": 3, "?page=0": 30, "?page=-1": 30, "?page=dua": 30, "": 30} {
		page := f.As(f.Coordinator).Get(byHand + path).Want(http.StatusOK)
		if n := len(people(page)); n != want {
			t.Errorf("%q shows %d people, want %d", path, n, want)
		}
		if back := page.Doc().Find("a[rel=prev]").AttrOr("href", ""); (back != "") != (want == 3) || want == 3 && back != byHand+"?page=1" {
			t.Errorf("%q leads back to %q", path, back)
		}
	}
}

func TestWhatIsDoneOnAPageLeadsBackToIt(t *testing.T) {
	f := crowd(t, 62)
	c := f.As(f.Coordinator)
	for _, step := range []struct{ form, reason string }{{"told", ""}, {"drop", "dropped_told"}} {
		page := c.Get(byHand + "?page=3").Want(http.StatusOK)
		shown := people(page)
		form := page.Doc().Find(`form[action$="/` + step.form + `"]`).First()
		value := func(name string) string { return form.Find("input[name="+name+"]").AttrOr("value", "") }
		after := c.Post(byHand+"/"+step.form, "letters", value("letters"), "page", value("page"), "reason", step.reason)
		if got := after.Header.Get("Location"); got != byHand+"?page=3" {
			t.Errorf("%s leads to %s", step.form, got)
		}
		left := people(c.Follow(after))
		if slices.Contains(left, shown[0]) && len(shown) > 1 {
			t.Errorf("%s: the person is still shown", step.form)
		}
	}
	// Nobody is left on the third page: the second is shown, and nobody of it was passed over.
	if n := len(people(c.Get(byHand + "?page=3"))); n != 30 {
		t.Errorf("%d people are shown in the end", n)
	}
	done := c.Get(byHand).Doc().Find(`form[action$="/undo"]`)
	back := c.Post(byHand+"/undo", "letters", done.Find("input[name=letters]").AttrOr("value", ""), "page", "2")
	if got := back.Header.Get("Location"); got != byHand+"?page=2" {
		t.Errorf("taking back leads to %s", got)
	}
	if got := c.Post(byHand+"/told", "letters", "", "page", "https://evil.example").Header.Get("Location"); got != byHand {
		t.Errorf("a page that is none leads to %s", got)
	}
}

func TestMoreThanAPageOfPeopleAreCountedAsMore(t *testing.T) {
	for n, want := range map[int]string{30: "30 orang", 31: "Lebih dari 30 orang"} {
		f := crowd(t, n)
		if got := f.As(f.Coordinator).Get("/").Text("section:has(#tell) .end"); got != want {
			t.Errorf("%d people: home says %q", n, got)
		}
		if got := f.As(f.Coordinator).Get("/programmes/kopi/reminders").Text(".callout h2"); got != want+" tidak dapat menerima email" {
			t.Errorf("%d people: the page of reminders says %q", n, got)
		}
		if links := f.As(f.Coordinator).Get(byHand).Doc().Find("a[rel=next]").Length(); (links == 1) != (n > 30) {
			t.Errorf("%d people: %d links to a next page", n, links)
		}
	}
}
