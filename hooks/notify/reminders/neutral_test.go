package reminders_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

// health finds words that tell what somebody may suffer from.
var health = regexp.MustCompile(`(?i)\b(hiv|aids|odha|tbc|tuberkulosis|tuberculosis|odgj|skizofrenia|schizophrenia|stunting|diabetes|kanker|cancer|penyakit|disease|diagnos\w*|pasien|patient|obat|medicine|hamil|pregnan\w*|difabel|disabilit\w+|lansia|korban|victim)\b`)

func TestA14OurWordsSayNothingAboutHealthOrBeneficiaries(t *testing.T) {
	if !health.MatchString("Jadwal minum obat TBC") {
		t.Fatal("the list of words finds nothing")
	}
	for _, language := range lang.Languages {
		for _, key := range lang.Keys(language) {
			if (strings.HasPrefix(key, "reminders.") || strings.HasPrefix(key, "mail.")) && health.MatchString(lang.T(language, key)) {
				t.Errorf("%s, %s: %s", key, language, lang.T(language, key))
			}
		}
	}
}

// private is what people write where no message may take it from.
const private = "Ibu Sumarni"

// withNotes fills every field of a record in which people write freely, but for
// what names the record itself and where a meeting is.
func withNotes(p *post, r *core.Record) {
	p.Helper()
	fresh := p.Fresh(r)
	filled := 0
	for _, field := range fresh.Collection().Fields {
		text, is := field.(*core.TextField)
		free := is && text.Pattern == "" && text.Max >= 200
		if free && text.Name != "title" && text.Name != "name" && text.Name != "item" && text.Name != "place" && text.Name != "id" {
			fresh.Set(text.Name, private)
			filled++
		}
	}
	if filled == 0 {
		p.Fatalf("%s has no field to write in", fresh.Collection().Name)
	}
	if err := p.App.Save(fresh); err != nil {
		p.Fatal(err)
	}
}

func TestA14NoNoteReachesAMessage(t *testing.T) {
	for kind, l := range messages {
		t.Run(kind, func(t *testing.T) {
			p := newPost(t)
			about := l.make(p)
			withNotes(p, about)
			got := find(p, p.tick(l.at), l.to)
			for _, part := range []string{string(got.Raw), got.Header("Subject"), got.Part("text/plain"), got.Part("text/html")} {
				if strings.Contains(part, private) || strings.Contains(part, "Sumarni") {
					t.Errorf("the letter tells a note: %s", part)
				}
			}
			if subject := got.Header("Subject"); health.MatchString(subject) || len(subject) > 200 {
				t.Errorf("the subject is %q", subject)
			}
		})
	}
}
