package contributions_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

func TestEveryPageSpeaksBothLanguages(t *testing.T) {
	w := testkit.New(t)
	everyState(w)
	mine := inState(w, "needs_revision", "review_note", "Mohon foto")
	paths := []string{listPath, listPath + "?status=rejected&page=7", "/contributions/new", "/contributions/new?programme=kopi",
		"/contributions/" + mine.Id, "/contributions/" + mine.Id + "/edit", "/contributions/" + mine.Id + "?sent=1",
		"/contributions/" + inState(w, "submitted").Id, "/contributions/" + inState(w, "rejected").Id}
	for _, language := range []string{"id", "en"} {
		for _, person := range []*core.Record{w.Partner, w.Initiator, w.Administrator} {
			if person != w.Administrator {
				person.Set("language", language)
				if err := w.App.SaveNoValidate(person); err != nil {
					t.Fatal(err)
				}
			}
			c := w.As(person)
			c.SetCookie("language", language)
			for _, path := range paths {
				page := c.Get(path)
				if page.Status == http.StatusNotFound && person == w.Initiator && strings.HasSuffix(path, "/edit") {
					continue // somebody else's to put right
				}
				if page.Status != http.StatusOK || strings.Contains(page.Body, "⟦") {
					t.Errorf("%s in %s: status %d, %s", path, language, page.Status, between(page.Body, "⟦", "⟧"))
				}
				if lang := page.Doc().Find("html").AttrOr("lang", ""); lang != language {
					t.Errorf("%s is in %q, want %q", path, lang, language)
				}
			}
		}
	}
}

func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	inside, _, _ := strings.Cut(rest, to)
	return inside
}
