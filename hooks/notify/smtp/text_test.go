package smtp

import (
	"testing"
)

func TestPlainText_Elements_BecomeReadable(t *testing.T) {
	for _, c := range []struct{ name, html, text string }{
		{"paragraphs", "<p>Satu</p>\n<p>Dua   kata</p>", "Satu\n\nDua kata\n"},
		{"line break", "Satu<br>dua", "Satu\ndua\n"},
		{"link", `<p><a href="https://hub.example.org/a?b=1&amp;c=2">Buka</a></p>`, "Buka (https://hub.example.org/a?b=1&c=2)\n"},
		{"link that shows its address", `<a href="https://a.org">https://a.org</a>`, "https://a.org\n"},
		{"link without a label", `<a href="https://a.org"></a>`, "(https://a.org)\n"},
		{"list", "<ul><li>satu</li><li>dua</li></ul>", "- satu\n- dua\n"},
		{"unread parts", "<html><head><title>x</title><style>p{}</style></head><body>a<script>b()</script></body>", "a\n"},
		{"entities and emphasis", "<p><strong>A</strong> &lt; B &amp; C</p><hr><p>D</p>", "A < B & C\n\nD\n"},
		{"no markup", "kode 123456", "kode 123456\n"},
		{"nothing", "", "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := PlainText(c.html); got != c.text {
				t.Errorf("PlainText = %q, want %q", got, c.text)
			}
		})
	}
}
