package lang

import (
	"testing"

	"simpul/hooks/testkit/check"
)

func TestPhone_Typed_E164(t *testing.T) {
	cases := []struct{ typed, kept string }{
		{"0812-3456-7890", "6281234567890"},
		{"0812 3456 7890", "6281234567890"},
		{"+62 812 3456 7890", "6281234567890"},
		{"62812.3456.7890", "6281234567890"},
		{"+62 0812 3456 7890", "6281234567890"},
		{"812 3456 7890", "6281234567890"},
		{"(024) 7612345", "62247612345"},
		{"024/7612345", "62247612345"},
		{"+65 6123 4567", "+6561234567"},
		{"+81 3 1234 5678", "+81312345678"},
	}
	for _, c := range cases {
		kept, ok := ParsePhone(c.typed)
		check.That(t, ok && kept == c.kept, "%q is kept as %q (%v), want %q", c.typed, kept, ok, c.kept)
		if again, ok := ParsePhone(kept); !ok || again != kept {
			t.Errorf("kept once more, %q becomes %q", kept, again)
		}
	}
}

func TestPhone_Invalid_Refused(t *testing.T) {
	for _, typed := range []string{"telepon kantor", "0812", "0812-3456-7890 ext 4", "0812x34567890", "+", "-", "08123456789012345", "٠٨١٢٣٤٥٦٧٨"} {
		if kept, ok := ParsePhone(typed); ok {
			t.Errorf("%q is kept as %q", typed, kept)
		}
	}
}

func TestPhone_Stored_Formatted(t *testing.T) {
	cases := []struct {
		kept, shown string
		mobile      bool
	}{
		{"6281234567890", "0812-3456-7890", true},
		{"628123456789", "0812-3456-789", true},
		{"62247612345", "0247-612345", false},
		{"+6561234567", "+6561234567", false},
		{"", "", false},
		{"ext 4", "ext 4", false},
	}
	for _, c := range cases {
		if got := Phone(c.kept); got != c.shown {
			t.Errorf("%q is shown as %q, want %q", c.kept, got, c.shown)
		}
		if got := IsMobile(c.kept); got != c.mobile {
			t.Errorf("%q can take messages: %v", c.kept, got)
		}
	}
}
