package inbox_test

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// ruled is the field with words of the rule's own.
func ruled(t *testing.T, fields ...any) *field {
	t.Helper()
	f := newField(t)
	f.save(f.Only("reminder_rules", "id", f.letter().GetString("rule")), fields...)
	return f
}

func TestATextSaysWhatTheRuleSaysInItsOwnWords(t *testing.T) {
	const usual = "Tugas “Sediakan kopi”"
	for name, c := range map[string]struct {
		fields  []any
		says    string // how the text goes on after the greeting
		without []string
	}{
		"a text": {[]any{"body_id", "Mohon {title} siap pada {when}.\n\nProgram {programme} berterima kasih."},
			"• Mohon Sediakan kopi siap pada Jumat, 27 November 2026.\nProgram KOPI REHAT berterima kasih.\nhttp", []string{usual, "{"}},
		"a subject": {[]any{"subject_id", "PENTING: {title}"}, "• PENTING: Sediakan kopi\n" + usual, []string{"{"}},
		"both": {[]any{"subject_id", "PENTING: {title}", "body_id", "Segera siapkan untuk {programme}."},
			"• PENTING: Sediakan kopi\nSegera siapkan untuk KOPI REHAT.\nhttp", []string{usual}},
		"neither":                   {nil, "• " + usual, nil},
		"words of another language": {[]any{"subject_en", "URGENT: {title}", "body_en", "Please."}, "• " + usual, []string{"URGENT", "Please."}},
	} {
		t.Run(name, func(t *testing.T) {
			f := ruled(t, c.fields...)
			text, _ := f.text(f.Coordinator)
			if !strings.Contains(text, "Yth. Pemilik warung,\n\n"+c.says) {
				t.Errorf("the text reads %q", text)
			}
			for _, wrong := range c.without {
				if strings.Contains(text, wrong) {
					t.Errorf("the text holds %q: %q", wrong, text)
				}
			}
		})
	}
}

func TestLongWordsOfARuleMakeRoomForTheLink(t *testing.T) {
	f := ruled(t, "body_id", strings.Repeat("Kalimat yang amat panjang. ", 100))
	text, _ := f.text(f.Coordinator)
	if n := utf8.RuneCountInString(text); n > 1000 || !strings.Contains(text, "…\nhttp") || !strings.Contains(text, "/tasks/"+f.chore.Id+"\n") {
		t.Errorf("%d characters read %q", n, text)
	}
}
